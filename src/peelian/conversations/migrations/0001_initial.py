import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from peelian.conversations.migrations._first_rows import add_triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_initial'),
        ('members', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='desk', serialize=False, to='accounts.team')),
                ('days', models.PositiveSmallIntegerField(default=3)),
                ('weekdays', models.PositiveSmallIntegerField(default=31)),
                ('opens', models.TimeField(default=datetime.time(8, 0))),
                ('closes', models.TimeField(default=datetime.time(18, 0))),
                ('bank_holidays', models.BooleanField(default=False)),
                ('minutes', models.PositiveSmallIntegerField(default=15)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('days__range', (1, 20))), name='a_promise_is_1_to_20_days'), models.CheckConstraint(condition=models.Q(('weekdays__range', (1, 127))), name='a_desk_has_a_day'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='a_desk_opens_then_closes'), models.CheckConstraint(condition=models.Q(('minutes__range', (5, 240))), name='a_duty_has_5_to_240_minutes')],
            },
        ),
        migrations.CreateModel(
            name='DutyContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('name', models.CharField(max_length=80)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.address')),
                ('position', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Trigger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('words', models.CharField(max_length=80)),
                ('out_of_hours', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['language', 'words'],
                'constraints': [models.UniqueConstraint(fields=('language', 'words'), name='a_trigger_is_listed_once')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('name', models.CharField(max_length=40)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('team', 'name'), name='a_team_has_a_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='accounts.team')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.member')),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.address')),
                ('subject', models.CharField(max_length=200)),
                ('about', models.CharField(blank=True, max_length=30)),
                ('state', models.CharField(choices=[('waiting-for-us', 'Waiting for us'), ('waiting-for-resident', 'Waiting for the resident'), ('closed', 'Closed')], default='waiting-for-us', max_length=22)),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_reason', models.CharField(blank=True, max_length=300)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('last_at', models.DateTimeField()),
                ('waiting_since', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=8)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('sensitive', models.BooleanField(db_default=False, default=False)),
                ('emptied_at', models.DateTimeField(blank=True, null=True)),
                ('tags', models.ManyToManyField(blank=True, related_name='threads', to='conversations.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['team', 'state', 'last_at'], name='threads_of_a_team'), models.Index(condition=models.Q(('state', 'waiting-for-us')), fields=['team', 'due_at', 'id'], name='threads_that_are_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('about', ''), _negated=True), fields=('address', 'about'), name='one_thread_about_a_thing'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting-for-us'), ('waiting_since__isnull', False)), models.Q(models.Q(('state', 'waiting-for-us'), _negated=True), ('waiting_since', None)), _connector='OR'), name='a_clock_runs_while_we_are_waited_for'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_reason', ''), _negated=True), _connector='OR'), name='nothing_is_closed_without_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('due_at', None), ('waiting_since', None)), models.Q(('due_at__isnull', False), ('waiting_since__isnull', False)), _connector='OR'), name='who_waits_has_been_promised_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='conversations.thread')),
                ('how', models.CharField(choices=[('link', 'By link, not verified'), ('code', 'Signed in'), ('email', 'By email'), ('other', 'By email from another address, not verified'), ('text', 'By text'), ('confirm', 'Email address confirmed'), ('staff', 'From the team'), ('notice', 'Sent by itself')], max_length=8)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField()),
                ('closing', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='messages_by_time')],
            },
        ),
        migrations.CreateModel(
            name='MessageTranslation',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='translation', serialize=False, to='conversations.message')),
                ('state', models.CharField(choices=[('waiting', 'Being translated'), ('machine', 'Translated by machine'), ('same', 'It is in English already'), ('failed', 'Could not be translated')], default='waiting', max_length=8)),
                ('source', models.CharField(blank=True, max_length=8)),
                ('target', models.CharField(max_length=8)),
                ('text', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('translator', models.CharField(blank=True, max_length=40)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at'], name='messages_to_translate')],
            },
        ),
        migrations.CreateModel(
            name='SavedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('title', models.CharField(max_length=80)),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Inbound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text')])),
                ('state', models.CharField(choices=[('taken', 'In a conversation'), ('report', 'Automatic'), ('aside', 'Kept aside'), ('discarded', 'Discarded')], max_length=9)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('key', models.CharField(max_length=64)),
                ('message', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='inbound', to='conversations.message')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team')),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.address')),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('text', models.TextField(blank=True)),
                ('raw', models.BinaryField(blank=True, null=True)),
                ('size', models.IntegerField()),
                ('received_at', models.DateTimeField()),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'aside')), fields=['received_at', 'id'], name='kept_aside_by_time'), models.Index(condition=models.Q(('state', 'report')), fields=['received_at', 'id'], name='reports_by_time')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='a_message_from_outside_is_taken_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), ('message__isnull', False)), models.Q(models.Q(('state', 'taken'), _negated=True), ('message', None)), _connector='OR'), name='what_is_taken_is_a_message')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inbound', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='conversations.inbound')),
                ('number', models.SmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', 'Being checked'), ('shown', 'Checked'), ('refused', 'Not taken'), ('infected', 'Removed: a virus was found in it'), ('unchecked', 'Kept aside: it could not be checked for viruses')], default='waiting', max_length=9)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('size', models.IntegerField()),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('scanned', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'unchecked'])), fields=['id'], name='files_to_be_checked')],
                'constraints': [models.UniqueConstraint(fields=('inbound', 'number'), name='a_file_of_a_message_is_one_row'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', False), ('state', 'shown')), models.Q(models.Q(('state', 'shown'), _negated=True), ('file', None)), _connector='OR'), name='only_a_checked_file_is_kept')],
            },
        ),
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='conversations.thread')),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('area', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('first', models.BooleanField()),
                ('began_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'Answered'), ('closed', 'Closed with a reason'), ('passed-on', 'Passed on as intelligence')], max_length=9)),
            ],
            options={
                'indexes': [models.Index(fields=['area', 'due_at'], include=('ended_at', 'outcome'), name='waits_of_an_area'), models.Index(fields=['team', 'due_at'], include=('area', 'began_at', 'ended_at', 'outcome', 'first'), name='waits_of_a_team')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('thread',), name='a_thread_waits_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_wait_ends_somehow')],
            },
        ),
        migrations.CreateModel(
            name='Raised',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raised', to='conversations.thread')),
                ('why', models.CharField(choices=[('words', 'Certain words'), ('young', 'Somebody under 18')], max_length=5)),
                ('at', models.DateTimeField()),
                ('told', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['at', 'id'], name='raised_and_not_seen'), models.Index(condition=models.Q(('seen_at', None)), fields=['next_at'], name='raised_to_tell_of')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('seen_at', None)), fields=('thread', 'why'), name='a_thread_is_raised_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='conversations.thread')),
                ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PassedOn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passed_on', to='conversations.thread')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
                ('receiver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('messages', models.PositiveIntegerField(blank=True, null=True)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('received_at', None), ('taken_back_at', None)), fields=('thread',), name='a_thread_is_passed_on_once_at_a_time'), models.CheckConstraint(condition=models.Q(('received_at', None), ('taken_back_at', None), _connector='OR'), name='what_was_received_stays_so')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('language', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
