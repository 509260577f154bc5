import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('force', 'Force'), ('policing-area', 'Policing area'), ('sector', 'Sector'), ('ward', 'Ward'), ('small-area', 'Small area'), ('impact-area', 'Impact area'), ('hotspot', 'Hotspot'), ('drawn', 'Drawn')], max_length=16)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.area')),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('boundary', models.BinaryField()),
                ('outline', models.JSONField()),
                ('longitude', models.FloatField()),
                ('latitude', models.FloatField()),
                ('west', models.IntegerField()),
                ('south', models.IntegerField()),
                ('east', models.IntegerField()),
                ('north', models.IntegerField()),
                ('cover', models.BinaryField()),
                ('by_membership', models.BooleanField(default=False)),
                ('parent_given', models.BooleanField(default=False)),
                ('vintage', models.CharField(blank=True, db_default='', default='', max_length=20)),
                ('boundary_changed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name', 'code'],
                'indexes': [models.Index(fields=['kind', 'name'], name='areas_by_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='a_current_code_is_one_area')],
            },
        ),
        migrations.CreateModel(
            name='Postcode',
            fields=[
                ('code', models.CharField(max_length=7, primary_key=True, serialize=False)),
                ('longitude', models.IntegerField()),
                ('latitude', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='PopulationTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=40)),
                ('vintage', models.CharField(blank=True, max_length=20)),
                ('year', models.PositiveSmallIntegerField(default=0)),
                ('boundary_vintage', models.CharField(blank=True, max_length=20)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('counts', models.CharField(choices=[('people', 'People'), ('areas', 'Small areas, each of one class'), ('postcodes', 'Postcodes, each of one class')], default='people', max_length=9)),
                ('labels', models.JSONField(default=list)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('loaded_at', models.DateTimeField()),
                ('boundaries_changed', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['topic', '-year', '-loaded_at'],
                'constraints': [models.UniqueConstraint(fields=('topic', 'vintage'), name='a_topic_has_one_table_of_a_vintage')],
            },
        ),
        migrations.CreateModel(
            name='Population',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='places.populationtable')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('category', models.CharField(max_length=40)),
                ('people', models.PositiveIntegerField(blank=True, null=True)),
                ('rank', models.PositiveIntegerField(blank=True, null=True)),
                ('score', models.FloatField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'area', 'category'), name='an_area_has_a_category_once_in_a_table')],
            },
        ),
        migrations.CreateModel(
            name='PostcodeClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.populationtable')),
                ('code', models.CharField(max_length=7)),
                ('category', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'code'), name='a_postcode_has_one_class_in_a_table')],
            },
        ),
        migrations.CreateModel(
            name='SmallArea',
            fields=[
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='places.area')),
                ('finest', models.BooleanField()),
                ('how', models.CharField(choices=[('postcodes', 'by its postcodes'), ('lower', 'by the small areas in it'), ('interior', 'by a point inside it')], max_length=9)),
                ('people', models.FloatField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LivingPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.area')),
                ('longitude', models.IntegerField()),
                ('latitude', models.IntegerField()),
                ('weight', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.area')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.area')),
                ('weight', models.FloatField()),
                ('split', models.BooleanField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'unit'), name='a_small_area_has_one_share_in_an_area')],
            },
        ),
        migrations.CreateModel(
            name='Residents',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.populationtable')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.area')),
                ('figures', models.JSONField()),
                ('estimated', models.FloatField()),
                ('covered', models.FloatField(default=1.0)),
                ('score', models.FloatField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'table'), name='a_table_has_one_answer_for_an_area')],
            },
        ),
    ]
