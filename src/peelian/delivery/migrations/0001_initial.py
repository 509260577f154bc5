import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# Half-full pages let a state change stay on its page (architecture, section 4: 329,000 against 159,000 rows a second).
STORAGE = "ALTER TABLE delivery SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('contacts', '0001_initial'),
        ('members', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Send',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('renderer', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField()),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('topic_bit', models.PositiveSmallIntegerField(null=True)),
                ('promotion', models.BooleanField(default=False)),
                ('lane', models.CharField(choices=[('transactional', 'Codes and confirmations'), ('urgent', 'Urgent'), ('routine', 'Routine')], max_length=14)),
                ('priority', models.SmallIntegerField(choices=[(1, 'routine'), (2, 'important'), (3, 'urgent')], db_default=1, default=1)),
                ('counted', models.BooleanField(db_default=False, default=False)),
                ('practice', models.BooleanField(db_default=False, default=False)),
                ('text_parts', models.SmallIntegerField(db_default=1, default=1)),
                ('language_parts', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('first_stage', models.IntegerField(blank=True, null=True)),
                ('stage_minutes', models.IntegerField(blank=True, null=True)),
                ('resume_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('sending', 'sending'), ('paused', 'paused'), ('sent', 'sent'), ('recalled', 'recalled')], default='sending', max_length=10)),
                ('recipients', models.IntegerField(default=0)),
                ('texts', models.IntegerField(db_default=0, default=0)),
                ('calls', models.IntegerField(db_default=0, default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('job_id', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['renderer', 'object_id'], name='sends_of_an_object'), models.Index(condition=models.Q(('first_stage__isnull', False)), fields=['id'], name='sends_in_their_first_stage'), models.Index(condition=models.Q(('resume_at__isnull', False)), fields=['resume_at'], name='sends_to_resume'), django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='sends_by_time'), models.Index(condition=models.Q(('job_id', None)), fields=['-id'], name='sends_to_many')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('pk', models.CompositePrimaryKey('send', 'address', blank=True, editable=False, primary_key=True, serialize=False)),
                ('send', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.send')),
                ('address', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.address')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.member')),
                ('channel', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text'), (4, 'voice')])),
                ('state', models.SmallIntegerField(choices=[(0, 'waiting'), (1, 'being handed over'), (2, 'handed over'), (3, 'delivered'), (4, 'failed'), (5, 'not sent'), (6, 'unknown'), (7, 'in a digest')], db_default=0, default=0)),
                ('tries', models.SmallIntegerField(db_default=0, default=0)),
                ('reason', models.CharField(blank=True, choices=[('', ''), ('recalled', 'recalled before it went'), ('suppressed', 'the address is stopped'), ('left', 'the resident has left or turned this off'), ('unconfirmed', 'the resident has not confirmed'), ('refused', 'refused for good by the mail server'), ('gave-up', 'not accepted after repeated tries'), ('bounced', 'came back: no such address'), ('full', 'came back: not taken for now'), ('blocked', 'refused as unwanted by the other side'), ('complained', 'reported as spam'), ('unanswered', 'nobody answered'), ('threshold', 'the resident wants only more urgent ones this way'), ('limit', 'over the resident’s weekly limit'), ('ended', 'it had ended before the digest'), ('withdrawn', 'it was withdrawn before the digest'), ('holiday', 'the resident is on holiday'), ('restricted', 'the resident asked us not to use their data')], db_default='', default='', max_length=12)),
                ('carrier', models.SmallIntegerField(null=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'delivery',
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('send', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='delivery.send')),
                ('number', models.IntegerField()),
                ('first_address', models.BigIntegerField()),
                ('last_address', models.BigIntegerField()),
                ('size', models.IntegerField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['send'], name='batches_not_done'), models.Index(condition=models.Q(('size', 1)), fields=['first_address'], name='batches_of_one')],
                'constraints': [models.UniqueConstraint(fields=('send', 'number'), name='a_batch_number_is_one_batch')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('send', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='delivery.send')),
                ('channel', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text'), (4, 'voice')])),
                ('state', models.SmallIntegerField(choices=[(0, 'waiting'), (1, 'being handed over'), (2, 'handed over'), (3, 'delivered'), (4, 'failed'), (5, 'not sent'), (6, 'unknown'), (7, 'in a digest')])),
                ('carrier', models.SmallIntegerField(null=True)),
                ('n', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('send', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='delivery.send')),
                ('address', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.address')),
                ('channel', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text'), (4, 'voice')], default=1)),
                ('recipient', models.CharField(max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('content', models.BinaryField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('send__isnull', False)), fields=('send', 'address'), name='one_copy_each')],
            },
        ),
        migrations.CreateModel(
            name='Carrier',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=20)),
                ('channel', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text'), (4, 'voice')])),
                ('resting', models.SmallIntegerField(default=100)),
                ('weight', models.SmallIntegerField(default=100)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('shifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'channel'), name='a_carrier_is_one_row'), models.CheckConstraint(condition=models.Q(('resting__gte', 0), ('resting__lte', 100), ('weight__gte', 0), ('weight__lte', 100)), name='a_share_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='delivery.carrier')),
                ('mail_domain', models.CharField(blank=True, max_length=253)),
                ('per_second', models.IntegerField(blank=True, null=True)),
                ('per_minute', models.IntegerField(blank=True, null=True)),
                ('per_day', models.IntegerField(blank=True, null=True)),
                ('ramp_from', models.DateField(blank=True, null=True)),
                ('ramp_first', models.IntegerField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('carrier', 'mail_domain'), name='a_limit_is_set_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('carrier__isnull', False), ('mail_domain', '')), models.Q(('carrier', None), models.Q(('mail_domain', ''), _negated=True)), _connector='OR'), name='a_limit_is_of_a_carrier_or_a_domain')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('pk', models.CompositePrimaryKey('send_id', 'address_id', 'state', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('send_id', models.BigIntegerField()),
                ('address_id', models.BigIntegerField()),
                ('state', models.SmallIntegerField(choices=[(0, 'waiting'), (1, 'being handed over'), (2, 'handed over'), (3, 'delivered'), (4, 'failed'), (5, 'not sent'), (6, 'unknown'), (7, 'in a digest')])),
                ('reason', models.CharField(blank=True, choices=[('', ''), ('recalled', 'recalled before it went'), ('suppressed', 'the address is stopped'), ('left', 'the resident has left or turned this off'), ('unconfirmed', 'the resident has not confirmed'), ('refused', 'refused for good by the mail server'), ('gave-up', 'not accepted after repeated tries'), ('bounced', 'came back: no such address'), ('full', 'came back: not taken for now'), ('blocked', 'refused as unwanted by the other side'), ('complained', 'reported as spam'), ('unanswered', 'nobody answered'), ('threshold', 'the resident wants only more urgent ones this way'), ('limit', 'over the resident’s weekly limit'), ('ended', 'it had ended before the digest'), ('withdrawn', 'it was withdrawn before the digest'), ('holiday', 'the resident is on holiday'), ('restricted', 'the resident asked us not to use their data')], default='', max_length=12)),
                ('code', models.CharField(blank=True, default='', max_length=24)),
                ('carrier', models.SmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['received_at'], name='receipts_by_time')],
            },
        ),
        migrations.CreateModel(
            name='SoftBounce',
            fields=[
                ('address', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='contacts.address')),
                ('score', models.FloatField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Incoming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=254)),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest',), name='a_message_comes_in_once')],
            },
        ),
        migrations.CreateModel(
            name='MemberWeek',
            fields=[
                ('pk', models.CompositePrimaryKey('member', 'week', blank=True, editable=False, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('week', models.DateField()),
                ('sends', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='DigestItem',
            fields=[
                ('pk', models.CompositePrimaryKey('member', 'send', blank=True, editable=False, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('send', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.send')),
                ('address_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('digest', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='delivery.send')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, choices=[('', ''), ('recalled', 'recalled before it went'), ('suppressed', 'the address is stopped'), ('left', 'the resident has left or turned this off'), ('unconfirmed', 'the resident has not confirmed'), ('refused', 'refused for good by the mail server'), ('gave-up', 'not accepted after repeated tries'), ('bounced', 'came back: no such address'), ('full', 'came back: not taken for now'), ('blocked', 'refused as unwanted by the other side'), ('complained', 'reported as spam'), ('unanswered', 'nobody answered'), ('threshold', 'the resident wants only more urgent ones this way'), ('limit', 'over the resident’s weekly limit'), ('ended', 'it had ended before the digest'), ('withdrawn', 'it was withdrawn before the digest'), ('holiday', 'the resident is on holiday'), ('restricted', 'the resident asked us not to use their data')], default='', max_length=12)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['member'], name='digest_items_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.SmallIntegerField(choices=[(1, 'email'), (2, 'text'), (4, 'voice')])),
                ('kind', models.CharField(max_length=20)),
                ('valid_from', models.DateField()),
                ('pence', models.DecimalField(decimal_places=3, max_digits=7)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('channel', 'kind', 'valid_from'), name='a_price_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.area')),
                ('from_month', models.DateField()),
                ('pounds', models.DecimalField(decimal_places=2, max_digits=9)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'from_month'), name='a_budget_a_month')],
            },
        ),
        migrations.CreateModel(
            name='Spend',
            fields=[
                ('send', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='spend', serialize=False, to='delivery.send')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('month', models.DateField()),
                ('pence', models.DecimalField(decimal_places=3, max_digits=12)),
                ('final', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['area', 'month'], include=('pence',), name='spend_of_a_month')],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
