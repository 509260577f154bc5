import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from peelian.alerts.migrations._first_rows import add_jargon, add_texts


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_initial'),
        ('delivery', '0001_initial'),
        ('members', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.SlugField(max_length=12, unique=True)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.topic')),
                ('priority', models.CharField(choices=[('routine', 'Routine'), ('important', 'Important'), ('urgent', 'Urgent')], default='routine', max_length=10)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='accounts.team')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('happening', models.TextField(blank=True)),
                ('doing', models.TextField(blank=True)),
                ('can_do', models.TextField(blank=True)),
                ('outcome', models.TextField(blank=True)),
                ('audience', models.JSONField(default=dict)),
                ('channels', models.PositiveSmallIntegerField(default=1)),
                ('restricted', models.BooleanField(default=False)),
                ('practice', models.BooleanField(db_default=False, default=False)),
                ('planned_for', models.DateField(blank=True, null=True)),
                ('relation', models.CharField(blank=True, choices=[('', 'New'), ('update', 'Update'), ('correction', 'Correction')], default='', max_length=10)),
                ('first', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='alerts.alert')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('waiting', 'Waiting for approval'), ('scheduled', 'Scheduled'), ('sending', 'Sending'), ('paused', 'Paused'), ('sent', 'Sent'), ('recalled', 'Recalled'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('scheduled_for', models.DateTimeField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('first_stage', models.PositiveIntegerField(blank=True, null=True)),
                ('stage_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('people', models.IntegerField(blank=True, null=True)),
                ('send', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.send')),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('translating_until', models.DateTimeField(blank=True, null=True)),
                ('stopped_because', models.CharField(blank=True, max_length=300)),
                ('by_channel', models.JSONField(default=dict)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-sent_at'], name='alerts_by_state'), models.Index(fields=['team', '-saved_at'], name='alerts_of_a_team'), models.Index(condition=models.Q(('fingerprint', ''), _negated=True), fields=['fingerprint'], name='alerts_alike'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', 'happening', 'doing', 'can_do', config='english'), name='alerts_by_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='nobody_approves_their_own'), models.CheckConstraint(condition=models.Q(models.Q(('first', None), ('relation', '')), models.Q(models.Q(('relation', ''), _negated=True), ('first__isnull', False)), _connector='OR'), name='an_update_has_a_first_alert'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'scheduled', 'withdrawn']), ('send__isnull', False), _connector='OR'), name='what_is_out_has_a_send'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('asked_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_approves_what_they_asked_for'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'scheduled'), _negated=True), ('scheduled_for__isnull', False), _connector='OR'), name='what_is_scheduled_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='alerts.alert')),
                ('language', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Not translated yet'), ('machine', 'Translated by machine'), ('reviewed', 'Checked by a person'), ('rejected', 'Rejected'), ('failed', 'Could not be translated')], default='waiting', max_length=10)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('happening', models.TextField(blank=True)),
                ('doing', models.TextField(blank=True)),
                ('can_do', models.TextField(blank=True)),
                ('phrases', models.JSONField(default=dict)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('people', models.IntegerField(default=0)),
                ('translator', models.CharField(blank=True, max_length=40)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'machine')), fields=['made_at'], name='translations_to_review')],
                'constraints': [models.UniqueConstraint(fields=('alert', 'language'), name='a_language_is_translated_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'reviewed'), _negated=True), ('reviewed_by__isnull', False), _connector='OR'), name='what_is_checked_has_a_reader')],
            },
        ),
        migrations.CreateModel(
            name='AlertArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='areas', to='alerts.alert')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('alert', 'area'), name='an_area_shows_an_alert_once')],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enclosures', to='alerts.alert')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('key', models.CharField(max_length=22, unique=True)),
                ('kind', models.CharField(choices=[('picture', 'Picture'), ('paper', 'File')], max_length=7)),
                ('title', models.CharField(blank=True, max_length=100)),
                ('alt', models.CharField(blank=True, max_length=250)),
                ('width', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('height', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'picture'), _negated=True), models.Q(('alt', ''), _negated=True), _connector='OR'), name='a_picture_is_said_in_words'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'paper'), _negated=True), models.Q(('title', ''), _negated=True), _connector='OR'), name='a_paper_has_a_title')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='alerts.alert')),
                ('verb', models.CharField(max_length=12)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('people', models.IntegerField()),
                ('comment', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='alerts.alert')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('value', models.PositiveSmallIntegerField()),
                ('why', models.CharField(blank=True, choices=[('frightening', 'It was frightening'), ('not-local', 'It was not about where I live'), ('too-long', 'It was too long'), ('not-useful', 'It was of no use to me'), ('too-many', 'I get too many messages')], db_default='', default='', max_length=12)),
                ('comment', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'indexes': [models.Index(fields=['alert', 'value'], name='ratings_of_an_alert')],
                'constraints': [models.UniqueConstraint(fields=('alert', 'address'), name='the_last_rating_counts'), models.CheckConstraint(condition=models.Q(('value__gte', 1), ('value__lte', 6)), name='a_rating_is_1_to_6')],
            },
        ),
        migrations.CreateModel(
            name='SavedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('template', 'Template'), ('snippet', 'Snippet')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.topic')),
                ('title', models.CharField(blank=True, max_length=120)),
                ('happening', models.TextField(blank=True)),
                ('doing', models.TextField(blank=True)),
                ('can_do', models.TextField(blank=True)),
                ('part', models.CharField(blank=True, choices=[('happening', 'What is happening'), ('doing', 'What we are doing'), ('can_do', 'What you can do')], max_length=9)),
                ('text', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'template'), models.Q(('part', ''), _negated=True), _connector='OR'), name='a_snippet_goes_into_a_part')],
            },
        ),
        migrations.CreateModel(
            name='Jargon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=60)),
                ('instead', models.CharField(max_length=120)),
            ],
            options={
                'ordering': [django.db.models.functions.text.Lower('words')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('words'), name='jargon_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='alerts.alert')),
                ('kind', models.CharField(choices=[('visit', 'Visits by share link'), ('left', 'People who left or turned it down because of it'), ('reply', 'Replies')], max_length=6)),
                ('n', models.IntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(fields=['alert', 'kind'], include=('n',), name='responses_of_an_alert')],
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('alert', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rollup', serialize=False, to='alerts.alert')),
                ('complete', models.BooleanField()),
                ('ease', models.FloatField(null=True)),
                ('handed', models.IntegerField(default=0)),
                ('ratings', models.IntegerField(default=0)),
                ('rating_total', models.IntegerField(default=0)),
                ('replies', models.IntegerField(default=0)),
                ('visits', models.IntegerField(default=0)),
                ('left', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Dose',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='members.member')),
                ('alerts', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='DoseSend',
            fields=[
                ('send', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='delivery.send')),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', 'Every day'), ('weekly', 'Every week')], max_length=6)),
                ('day', models.DateField()),
                ('send', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='delivery.send')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'day'), name='a_digest_a_day')],
            },
        ),
        migrations.RunPython(add_jargon, migrations.RunPython.noop),
        migrations.RunPython(add_texts, migrations.RunPython.noop),
    ]
