"""Tombstones keep ward, joined and left: the number somebody had in a list becomes a keyed sum of its own, also of those
who were erased before."""

from hashlib import sha256

from django.db import migrations, models
from django.utils.crypto import salted_hmac

AT_ONCE = 5_000


def keep_sums(apps, schema_editor):
    """As members.importing.erased works them out. A tombstone is known by its empty source."""
    Member, ErasedNumber = apps.get_model("members", "Member"), apps.get_model("members", "ErasedNumber")
    key = salted_hmac("members.erased", "key", algorithm="sha256").digest()
    erased = Member.objects.filter(left_at__isnull=False, source="").exclude(external_id=None)
    while rows := list(erased.values_list("pk", "external_id")[:AT_ONCE]):
        sums = [sha256(key + sha256(key + number.encode()).digest()).hexdigest() for _, number in rows]
        ErasedNumber.objects.bulk_create([ErasedNumber(digest=each) for each in sums], ignore_conflicts=True)
        Member.objects.filter(pk__in=[pk for pk, _ in rows]).update(external_id=None, answers_taken_back=False)


class Migration(migrations.Migration):
    dependencies = [
        ('members', '0018_last_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedNumber',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunPython(keep_sums, migrations.RunPython.noop),
    ]
