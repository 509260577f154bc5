"""Holidays, earlier homes and addresses, addresses not confirmed yet, rights requests and legal holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_suppressed_addresses'),
        ('members', '0010_replaced_emails'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='restricted_at',
            field=models.DateTimeField(blank=True, null=True),
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
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='members.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'address'), name='a_former_address_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('begun_on', models.DateField()),
                ('review_on', models.DateField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legal_holds', to='members.member')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_on', None)), fields=['review_on'], name='holds_to_review')],
            },
        ),
        migrations.CreateModel(
            name='NewContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.address')),
                ('code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.code')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='new_contacts', to='members.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'address'), name='a_new_contact_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='PastHome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_homes', to='members.member')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='a_home_lasts_a_day')],
            },
        ),
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('access', 'A copy of their data'), ('rectification', 'To put something right'), ('erasure', 'To be erased'), ('restriction', 'To stop using their data')], max_length=14)),
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
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rights_requests', to='members.member')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['due_on'], name='rights_open_by_due'), models.Index(fields=['closed_at'], name='rights_closed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_closed_request_has_an_outcome')],
            },
        ),
    ]
