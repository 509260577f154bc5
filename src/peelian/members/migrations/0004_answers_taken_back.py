from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0003_choices'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='answers_taken_back',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
