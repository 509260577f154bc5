"""Campaigns, and which of them brought a member."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index on a large table is built beside the running service

    dependencies = [
        ('accounts', '0003_enabled_at'),
        ('contacts', '0002_suppressed_addresses'),
        ('members', '0012_doorstep'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('campaign', 'Campaign'), ('venue', 'Venue'), ('event', 'Event'), ('officer', 'Officer'), ('other', 'Something else')], default='campaign', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='accounts.team')),
            ],
            options={
                'ordering': ['-starts', '-id'],
            },
        ),
        migrations.AddField(
            model_name='member',
            name='campaign',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='members.campaign'),
        ),
        AddIndexConcurrently(
            model_name='member',
            index=models.Index(condition=models.Q(('campaign__isnull', False)), fields=['campaign'], name='members_by_campaign'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='a_campaign_ends_after_it_starts'),
        ),
    ]
