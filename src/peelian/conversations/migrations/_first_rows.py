"""What a new installation begins with: the words that call somebody at once."""

WORDS = {
    "en": """weapon, weapons, gun, guns, firearm, firearms, knife, knives, machete, machetes, bomb, acid attack, suicide, suicidal,
        kill myself, end my life, want to die, self harm, overdose, in danger now, in danger, help me now, kill me,
        going to kill, raped, rape, sexual assault, sexually assaulted, kidnapped, abducted, trafficked, held against my will,
        child abuse, domestic abuse, domestic violence, forced marriage, stalking me""",
    "pl": """broń, broni, bronią, pistolet, pistoletu, pistoletem, nóż, noża, nożem, noże, maczeta, maczetą, bomba, bomby,
        samobójstwo, samobójstwa, zabić się, chcę umrzeć, chce umrzeć, w niebezpieczeństwie, zabije mnie, gwałt, gwałtu,
        zgwałcił, zgwałcona, porwany, porwana, porwali, przemoc domowa, przemocy domowej""",
    "ur": """ہتھیار, ہتھیاروں, بندوق, بندوقیں, پستول, چاقو, چھری, بم, خودکشی, خود کشی, مرنا چاہتا ہوں, مرنا چاہتی ہوں, خطرے میں,
        جان سے مار, ریپ, جنسی زیادتی, اغوا, گھریلو تشدد, جبری شادی""",
}


def add_triggers(apps, schema_editor):
    """The words an installation begins with. Polish and Urdu are not yet reviewed by native speakers."""
    Trigger = apps.get_model("conversations", "Trigger")
    Trigger.objects.bulk_create(
        Trigger(language=language, words=" ".join(word.split()))
        for language, words in WORDS.items()
        for word in words.split(",")
    )
