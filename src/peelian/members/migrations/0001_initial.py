import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from peelian.members.migrations._first_rows import add_topics, add_wordings

# Counts stay index-only while the audience table is vacuumed: vacuum early (architecture, section 4).
STORAGE = """
ALTER TABLE members_audience SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
ALTER TABLE members_member SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.02);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('contacts', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('example', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(choices=[('public-task', 'Policing'), ('promotion', 'Promotion (needs its own agreement)')], default='public-task', max_length=12)),
                ('bit', models.PositiveSmallIntegerField(unique=True)),
                ('about_crime', models.BooleanField(db_default=False, default=False)),
                ('days_shown', models.PositiveSmallIntegerField(default=90)),
            ],
            options={
                'ordering': ['bit'],
                'constraints': [models.CheckConstraint(condition=models.Q(('bit__lt', 62)), name='a_topic_bit_fits')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('version', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='a_wording_version_is_one_text')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ErasedNumber',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('campaign', 'Campaign'), ('venue', 'Venue'), ('event', 'Event'), ('officer', 'Officer'), ('other', 'Something else')], default='campaign', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='accounts.team')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-starts', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='a_campaign_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=64, null=True)),
                ('first_name', models.CharField(blank=True, max_length=80)),
                ('last_name', models.CharField(blank=True, max_length=80)),
                ('email', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.address')),
                ('mobile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.address')),
                ('landline', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.address')),
                ('street_address', models.CharField(blank=True, max_length=200)),
                ('postcode', models.CharField(blank=True, max_length=7)),
                ('longitude', models.IntegerField(blank=True, null=True)),
                ('latitude', models.IntegerField(blank=True, null=True)),
                ('cell', models.BigIntegerField(blank=True, null=True)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('language', models.CharField(default='en', max_length=8)),
                ('interests', models.BigIntegerField(default=-1)),
                ('channels', models.PositiveSmallIntegerField(default=0)),
                ('organisations', models.IntegerField(default=1)),
                ('promotion', models.BooleanField(default=False)),
                ('young', models.BooleanField(default=False)),
                ('source', models.CharField(default='web', max_length=40)),
                ('campaign', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='members.campaign')),
                ('joined_on', models.DateField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirm_asked_at', models.DateTimeField(blank=True, null=True)),
                ('chosen_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('answers_taken_back', models.BooleanField(db_default=False, default=False)),
                ('legal_hold', models.BooleanField(db_default=False, default=False)),
                ('restricted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('confirm_asked_at', None), ('confirmed_at', None), ('left_at', None)), fields=['id'], name='members_to_ask'), models.Index(django.db.models.functions.text.Lower('last_name'), condition=models.Q(('last_name', ''), _negated=True), name='members_by_last_name'), models.Index(condition=models.Q(('campaign__isnull', False)), fields=['campaign'], name='members_by_campaign')],
                'constraints': [models.UniqueConstraint(fields=('external_id',), name='an_external_id_is_one_member'), models.CheckConstraint(condition=models.Q(models.Q(('cell', None), ('latitude', None), ('longitude', None)), models.Q(('cell__isnull', False), ('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='a_member_is_placed_wholly_or_not'), models.CheckConstraint(condition=models.Q(('email__isnull', False), ('mobile__isnull', False), ('landline__isnull', False), ('left_at__isnull', False), _connector='OR'), name='a_member_has_a_contact_point')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='members.member')),
                ('label', models.CharField(max_length=40)),
                ('postcode', models.CharField(blank=True, max_length=7)),
                ('longitude', models.IntegerField()),
                ('latitude', models.IntegerField()),
                ('cell', models.BigIntegerField()),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
            ],
        ),
        migrations.CreateModel(
            name='TopicChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_channels', to='members.member')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.topic')),
                ('channels', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'topic'), name='a_choice_per_topic')],
            },
        ),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pace', serialize=False, to='members.member')),
                ('weekly_limit', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('digest', models.CharField(choices=[('daily', 'Every day'), ('weekly', 'Every week')], default='weekly', max_length=6)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('urgent_passes', models.BooleanField(default=True)),
                ('email_from', models.PositiveSmallIntegerField(default=1)),
                ('text_from', models.PositiveSmallIntegerField(default=1)),
                ('voice_from', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end'), models.CheckConstraint(condition=models.Q(('email_from__range', (1, 3)), ('text_from__range', (1, 3)), ('voice_from__range', (1, 3))), name='a_threshold_is_a_priority'), models.CheckConstraint(condition=models.Q(('weekly_limit', None), ('weekly_limit__range', (0, 50)), _connector='OR'), name='a_weekly_limit_is_0_to_50')],
            },
        ),
        migrations.CreateModel(
            name='ChannelHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channel_hours', to='members.member')),
                ('channel', models.PositiveSmallIntegerField()),
                ('weekdays', models.PositiveSmallIntegerField(default=127)),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='hours_open_before_they_close'), models.CheckConstraint(condition=models.Q(('weekdays__range', (1, 127))), name='hours_have_a_day')],
            },
        ),
        migrations.CreateModel(
            name='AudienceRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('kind', models.SmallIntegerField(default=0)),
                ('language', models.SmallIntegerField()),
                ('channels', models.SmallIntegerField()),
                ('reachable', models.SmallIntegerField()),
                ('promotion', models.BooleanField(default=False)),
                ('lon', models.IntegerField(null=True)),
                ('lat', models.IntegerField(null=True)),
                ('organisations', models.IntegerField()),
                ('area_id', models.BigIntegerField(null=True)),
                ('cell', models.BigIntegerField(null=True)),
                ('interests', models.BigIntegerField()),
                ('home_area_id', models.BigIntegerField(null=True)),
                ('home_lon', models.IntegerField(null=True)),
                ('home_lat', models.IntegerField(null=True)),
            ],
            options={
                'db_table': 'members_audience',
                'indexes': [models.Index(condition=models.Q(('kind', 0)), fields=['area_id'], include=('interests', 'member', 'organisations', 'channels', 'language'), name='audience_homes_by_area'), models.Index(condition=models.Q(('kind', 0)), fields=['cell'], include=('lon', 'lat', 'interests', 'member', 'organisations', 'channels', 'language'), name='audience_homes_by_cell'), models.Index(condition=models.Q(('kind__gt', 0)), fields=['area_id'], include=('home_area_id', 'interests', 'member', 'organisations', 'channels', 'language'), name='audience_further_by_area'), models.Index(condition=models.Q(('kind__gt', 0)), fields=['cell'], include=('lon', 'lat', 'home_lon', 'home_lat', 'interests', 'member', 'organisations', 'channels', 'language'), name='audience_further_by_cell'), models.Index(fields=['member'], name='audience_by_member')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
                ('open', models.BooleanField(default=True)),
                ('purpose', models.CharField(blank=True, db_default='', max_length=300)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('network', models.BooleanField(db_default=False, default=False)),
                ('communities', models.TextField(blank=True, db_default='')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('network', False), ('open', False), _connector='OR'), name='a_network_is_by_invitation')],
            },
        ),
        migrations.CreateModel(
            name='GroupMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='members.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='members.member')),
                ('since', models.DateField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'member'), name='a_member_is_in_a_group_once')],
            },
        ),
        migrations.CreateModel(
            name='EqualityAnswers',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='members.member')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('sex', models.CharField(blank=True, max_length=20)),
                ('ethnic_group', models.CharField(blank=True, max_length=40)),
                ('disability', models.CharField(blank=True, max_length=20)),
                ('origin_code', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='members.member')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.wording')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('how', models.CharField(max_length=40)),
                ('by_staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReplacedEmail',
            fields=[
                ('pk', models.CompositePrimaryKey('member', 'digest', blank=True, editable=False, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='replaced_emails', to='members.member')),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='holiday', serialize=False, to='members.member')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('urgent_passes', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='a_holiday_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='PastHome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_homes', to='members.member')),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('since', models.DateField()),
                ('until', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='a_home_lasts_a_day')],
            },
        ),
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='members.member')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('until', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'address'), name='a_former_address_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='NewContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='new_contacts', to='members.member')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.code')),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'address'), name='a_new_contact_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legal_holds', to='members.member')),
                ('reason', models.CharField(max_length=300)),
                ('begun_on', models.DateField()),
                ('review_on', models.DateField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_on', None)), fields=['review_on'], name='holds_to_review')],
            },
        ),
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('access', 'A copy of their data'), ('rectification', 'To put something right'), ('erasure', 'To be erased'), ('restriction', 'To stop using their data')], max_length=14)),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rights_requests', to='members.member')),
                ('asked_by', models.CharField(max_length=120)),
                ('how', models.CharField(choices=[('email', 'By email'), ('letter', 'By letter'), ('phone', 'By phone'), ('in-person', 'In person')], max_length=10)),
                ('received_on', models.DateField()),
                ('due_on', models.DateField()),
                ('extended_on', models.DateField(blank=True, null=True)),
                ('extended_because', models.CharField(blank=True, max_length=300)),
                ('identity_check', models.CharField(blank=True, max_length=300)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Open'), ('done', 'Done'), ('refused', 'Refused, with the reason'), ('nothing-held', 'We hold nothing about them'), ('taken-back', 'They took it back')], default='', max_length=12)),
                ('outcome_note', models.CharField(blank=True, max_length=500)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['due_on'], name='rights_open_by_due'), models.Index(fields=['closed_at'], name='rights_closed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_closed_request_has_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='SourceTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.campaign')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('source', models.CharField(max_length=40)),
                ('month', models.DateField()),
                ('erased', models.BooleanField(default=False)),
                ('joined', models.IntegerField()),
                ('confirmed', models.IntegerField()),
                ('measured', models.IntegerField()),
                ('stayed', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['month'], name='source_tallies_by_month')],
            },
        ),
        migrations.CreateModel(
            name='DoorstepKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('salt', models.BinaryField(max_length=32)),
                ('made_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Street',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('name', models.CharField(max_length=80)),
                ('postcode', models.CharField(max_length=7)),
                ('longitude', models.IntegerField()),
                ('latitude', models.IntegerField()),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_on', models.DateField()),
                ('hidden_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('team', 'name', 'postcode'), name='a_street_is_on_a_teams_list_once')],
            },
        ),
        migrations.CreateModel(
            name='Door',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('street', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doors', to='members.street')),
                ('number', models.CharField(max_length=12)),
                ('outcome', models.CharField(blank=True, choices=[('no-answer', 'No answer'), ('done', 'Done'), ('refused', 'Refused')], max_length=9)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('day', models.DateField(blank=True, null=True)),
                ('hidden_until', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('note_at', models.DateTimeField(blank=True, null=True)),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('street', 'number'), name='a_door_of_a_street_is_one_row'), models.CheckConstraint(condition=models.Q(('outcome', 'no-answer'), ('hidden_until', None), _connector='OR'), name='only_doors_without_an_answer_wait')],
            },
        ),
        migrations.CreateModel(
            name='DoorstepSignUp',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='doorstep', to='members.member')),
                ('source', models.CharField(choices=[('door', 'At their door'), ('street', 'In the street'), ('event', 'At an event'), ('social-media', 'From social media'), ('qr', 'From a QR code')], max_length=12)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('street', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.street')),
                ('hotspot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('agreed_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='GroupInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.member')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.wording')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField()),
                ('community', models.CharField(blank=True, max_length=80)),
                ('role', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('accepted', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_why', models.CharField(blank=True, choices=[('asked', 'They asked us to'), ('moved', 'They no longer belong to it, or moved away'), ('mistake', 'They were invited by mistake'), ('agreed', 'They did not keep to what the group agreed')], db_default='', default='', max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('group', 'member'), name='one_invitation_waits_for_an_answer'), models.CheckConstraint(condition=models.Q(('accepted', False), ('answered_at__isnull', False), _connector='OR'), name='an_invitation_is_accepted_by_an_answer')],
            },
        ),
        migrations.CreateModel(
            name='KeyIndividual',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_individuals', to='members.group')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_individuals', to='members.member')),
                ('community', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=60)),
                ('keeper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('every_days', models.PositiveSmallIntegerField(default=90)),
                ('last_contact', models.DateField(blank=True, null=True)),
                ('next_contact', models.DateField()),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.groupinvitation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'member'), name='a_key_individual_is_in_a_network_once'), models.CheckConstraint(condition=models.Q(('every_days__range', (7, 730))), name='a_key_individual_is_met_weekly_to_every_two_years')],
            },
        ),
        migrations.CreateModel(
            name='NetworkContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='members.keyindividual')),
                ('on', models.DateField()),
                ('how', models.CharField(choices=[('met', 'Met'), ('phoned', 'Phoned'), ('wrote', 'Wrote')], max_length=6)),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='helpers', to='members.member')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('name', models.CharField(blank=True, max_length=80)),
                ('wording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.wording')),
                ('asked_at', models.DateTimeField()),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('member', 'address'), name='a_helper_helps_somebody_once')],
            },
        ),
        migrations.AddField(
            model_name='group',
            name='members',
            field=models.ManyToManyField(related_name='groups', through='members.GroupMembership', to='members.member'),
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunPython(add_topics, migrations.RunPython.noop),
        migrations.RunPython(add_wordings, migrations.RunPython.noop),
    ]
