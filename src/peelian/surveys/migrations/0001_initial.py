import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('contacts', '0001_initial'),
        ('delivery', '0001_initial'),
        ('members', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.SlugField(max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('purpose', models.TextField(blank=True)),
                ('closing', models.TextField(blank=True)),
                ('said', models.JSONField(default=dict)),
                ('mode', models.CharField(choices=[('anonymous', 'Anonymous: nobody can tell whose answer is whose'), ('identified', 'With the person: staff can see who answered what')], default='anonymous', max_length=10)),
                ('languages', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', max_length=6)),
                ('opens', models.DateField(blank=True, null=True)),
                ('closes', models.DateField(blank=True, null=True)),
                ('opened_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('open_link', models.BooleanField(default=True)),
                ('after_conversation', models.BooleanField(default=False)),
                ('wave', models.PositiveSmallIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='surveys.survey')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitation', 'Invitation'), ('reminder', 'Reminder')], default='invitation', max_length=10)),
                ('audience', models.JSONField(default=dict)),
                ('channels', models.PositiveSmallIntegerField(default=3)),
                ('people', models.IntegerField(blank=True, null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('settings', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('send', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.send')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailings', to='surveys.survey')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Boxed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.survey')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('definition', models.JSONField(default=dict)),
                ('frozen', models.BooleanField(default=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='surveys.survey')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='survey',
            name='live',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.version'),
        ),
        migrations.CreateModel(
            name='Begun',
            fields=[
                ('mark', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('kept_on', models.DateField()),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.survey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.version')),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('how', models.CharField(choices=[('invitation', 'By invitation'), ('link', 'By the open link'), ('qr', 'By a QR code or short link'), ('kiosk', 'On a tablet in a public place'), ('street', 'In the street, with an officer'), ('doorstep', 'At the door, with an officer'), ('telephone', 'By telephone'), ('paper', 'On paper'), ('conversation', 'After a conversation')], max_length=12)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('stratum', models.CharField(blank=True, max_length=60)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('answers', models.JSONField(default=dict)),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.address')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.area')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.member')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='surveys.survey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.version')),
            ],
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=30)),
                ('text', models.TextField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='surveys.answer')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='surveys.survey')),
            ],
            options={
                'indexes': [models.Index(fields=['survey', 'question', 'id'], name='comments_of_a_survey'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', config='english'), name='comments_by_words')],
                'constraints': [models.UniqueConstraint(fields=('answer', 'question'), name='a_question_has_one_comment')],
            },
        ),
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=32)),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.survey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'mark'), name='an_invitation_is_answered_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('survey', 'number'), name='a_version_has_its_number_once'),
        ),
        migrations.AddIndex(
            model_name='survey',
            index=models.Index(fields=['state', '-saved_at'], name='surveys_by_state'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('live__isnull', False), _connector='OR'), name='what_is_open_has_questions'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first', None), ('wave', 1)), models.Q(('wave__gt', 1), ('first__isnull', False)), _connector='OR'), name='a_later_wave_has_a_first'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.UniqueConstraint(fields=('first', 'wave'), name='a_wave_has_its_number_once'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['survey', 'day'], name='answers_of_a_survey'),
        ),
    ]
