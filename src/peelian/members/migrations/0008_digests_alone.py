from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0007_topics_about_crime")]

    operations = [
        migrations.RemoveConstraint(model_name="pace", name="a_weekly_limit_is_1_to_50"),
        migrations.AddConstraint(
            model_name="pace",
            constraint=models.CheckConstraint(
                condition=models.Q(weekly_limit=None) | models.Q(weekly_limit__range=(0, 50)),
                name="a_weekly_limit_is_0_to_50",
            ),
        ),
    ]
