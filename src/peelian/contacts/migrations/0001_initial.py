from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SmallIntegerField(choices=[(1, 'email'), (2, 'mobile'), (3, 'landline')])),
                ('value', models.CharField(max_length=254)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('suppression', models.CharField(blank=True, choices=[('', 'not suppressed'), ('bounced', 'messages came back'), ('complained', 'reported as spam'), ('stopped', 'asked us to stop'), ('administrator', 'stopped by an administrator')], default='', max_length=16)),
                ('suppressed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('suppression', ''), _negated=True), fields=['suppressed_at', 'id'], name='suppressed_addresses')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'value'), name='an_address_is_one_row'), models.CheckConstraint(condition=models.Q(models.Q(('suppressed_at', None), ('suppression', '')), models.Q(models.Q(('suppression', ''), _negated=True), ('suppressed_at__isnull', False)), _connector='OR'), name='a_suppression_has_a_time')],
            },
        ),
    ]
