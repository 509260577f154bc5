"""Groups with an owner, a purpose and an end; closed ones by invitation; key individual networks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GROUP = (
    "If you say yes, the team that asked you may write to you about what this group is for, and sees your name in the"
    " list of the group. You can leave at any time: on your page, or by telling the team."
)
NETWORK = (
    "If you say yes, officers of the team that asked you see your name, which community you know well and as what, and"
    " when you last spoke with us, so that we can ask you what people there worry about. They see your email address"
    " and number when they need to reach you, and each look is recorded. We write down that we spoke, not what you"
    " said. You can leave at any time: on your page, or by telling the team."
)


def add_wordings(apps, schema_editor):
    wording = apps.get_model("members", "Wording")
    for kind, text in (("group", GROUP), ("network", NETWORK)):
        wording.objects.get_or_create(kind=kind, version="1", defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0004_organisations_in_words'),
        ('contacts', '0002_suppressed_addresses'),
        ('members', '0016_helpers'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
                ('community', models.CharField(blank=True, max_length=80)),
                ('role', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('accepted', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeyIndividual',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('community', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=60)),
                ('every_days', models.PositiveSmallIntegerField(default=90)),
                ('last_contact', models.DateField(blank=True, null=True)),
                ('next_contact', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='NetworkContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('how', models.CharField(choices=[('met', 'Met'), ('phoned', 'Phoned'), ('wrote', 'Wrote')], max_length=6)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.AddField(
            model_name='group',
            name='communities',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='group',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='group',
            name='expires_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='group',
            name='network',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='group',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='group',
            name='purpose',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AddField(
            model_name='group',
            name='review_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.CheckConstraint(condition=models.Q(('network', False), ('open', False), _connector='OR'), name='a_network_is_by_invitation'),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.group'),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.member'),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='wording',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.wording'),
        ),
        migrations.AddField(
            model_name='keyindividual',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_individuals', to='members.group'),
        ),
        migrations.AddField(
            model_name='keyindividual',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.groupinvitation'),
        ),
        migrations.AddField(
            model_name='keyindividual',
            name='keeper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keyindividual',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_individuals', to='members.member'),
        ),
        migrations.AddField(
            model_name='networkcontact',
            name='key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='members.keyindividual'),
        ),
        migrations.AddField(
            model_name='networkcontact',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='groupinvitation',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('group', 'member'), name='one_invitation_waits_for_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='groupinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted', False), ('answered_at__isnull', False), _connector='OR'), name='an_invitation_is_accepted_by_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='keyindividual',
            constraint=models.UniqueConstraint(fields=('group', 'member'), name='a_key_individual_is_in_a_network_once'),
        ),
        migrations.AddConstraint(
            model_name='keyindividual',
            constraint=models.CheckConstraint(condition=models.Q(('every_days__range', (7, 730))), name='a_key_individual_is_met_weekly_to_every_two_years'),
        ),
        migrations.RunPython(add_wordings, migrations.RunPython.noop),
    ]
