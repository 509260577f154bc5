from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from peelian.accounts import queries
from peelian.accounts import social as elsewhere
from peelian.accounts.account_forms import PASSWORD_HINT
from peelian.accounts.errors import ForTheWholeForce
from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import FOR_THE_FORCE, Role
from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.core.wording import uk_date
from peelian.places.models import Area

ROLE_HINTS = {
    Role.OFFICER: "Writes to residents of their areas and answers them.",
    Role.SUPERVISOR: "The same, and approves what others wrote.",
    Role.COMMUNICATIONS: "Writes to large audiences, approves and withdraws.",
    Role.ANALYST: "Reads alerts and figures.",
    Role.ADMINISTRATOR: "Manages staff and teams.",
    Role.AUDITOR: "Reads alerts and the audit trail, of the whole force: no areas.",
}
KINDS = [str(kind) for kind in Area.ADMINISTRATIVE]


class AreasField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Tick boxes for areas, under the kind of area each is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(Area.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **given)

    def offer(self, by: Staff, had: Iterable[Area] = ()) -> None:
        """The areas the administrator may give, and those that whoever is changed HAD and that are no longer in force:
        were they left out, saving would leave none, which means the whole force."""
        given = queries.areas_to_give(by)
        ended = sorted((area for area in had if area.valid_to is not None), key=lambda area: area.name)
        self.queryset = Area.objects.filter(Q(pk__in=given) | Q(pk__in=[area.pk for area in ended]))
        groups: dict[str, list[tuple[int, str]]] = {}
        for area in sorted(given, key=lambda area: (KINDS.index(area.kind), area.name)):
            groups.setdefault(str(area.get_kind_display()), []).append((area.pk, area.name))
        if ended:
            groups["No longer in force: choose others instead"] = [
                (area.pk, f"{area.name}, until {uk_date(area.valid_to)}") for area in ended if area.valid_to
            ]
        self.widget.choices = list(groups.items())


class StaffFilter(forms.Form):
    role = forms.ChoiceField(label="Role", choices=[("", "Any role"), *Role.choices], required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label="Any team", required=False)
    state = forms.ChoiceField(label="State", choices=[("", "Any"), *queries.STATES.items()], required=False)

    def __init__(self, by: Staff, *args: Any) -> None:
        super().__init__(*args)
        self.fields["team"].queryset = queries.teams_in_scope(by)  # type: ignore[attr-defined]


class StaffForm(forms.Form):
    """Role, areas and teams of one person, out of what the administrator may give."""

    name = forms.CharField(label="Name", max_length=120, required=False)
    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these roles"},
    )
    areas = AreasField(label="Areas", help_text="None: the whole force. What is outside does not exist for them.")
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label="Teams", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, by: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounded = queries.scope_area_ids(by) is not None
        areas = self.fields["areas"]
        assert isinstance(areas, AreasField)
        areas.offer(by, self.initial.get("areas", ()))
        role: Any = self.fields["role"]
        if self.bounded:
            areas.help_text = "At least one."
            role.choices = [(value, said) for value, said in Role.choices if value not in FOR_THE_FORCE]
        self.fields["teams"].queryset = queries.teams_in_scope(by)  # type: ignore[attr-defined]
        role.option_hints = ROLE_HINTS

    def clean_areas(self) -> Any:
        """An administrator of some areas cannot make somebody force-wide."""
        given = self.cleaned_data["areas"]
        if self.bounded and not given:
            raise ValidationError("Choose at least one of your areas")
        return given

    def clean(self) -> dict[str, Any]:
        """Some roles have no areas."""
        given = self.cleaned_data
        if given.get("role") in FOR_THE_FORCE and given.get("areas"):
            self.add_error("areas", str(ForTheWholeForce()))
        return given


class AddStaffForm(StaffForm):
    email = forms.EmailField(label="Email address")
    field_order = ["email", "name", "role", "areas", "teams"]


class TeamForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Organisation", empty_label=None, help_text="Whose alerts these are."
    )
    areas = AreasField(label="Areas", help_text="None: the whole force.")
    people = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label="People", required=False, widget=forms.CheckboxSelectMultiple
    )
    public_email = forms.EmailField(label="Public email address", required=False)
    public_phone = forms.CharField(label="Public phone number", max_length=40, required=False)
    about = forms.CharField(
        label="About the team",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A few sentences for residents.",
    )

    social = forms.CharField(
        label="Pages elsewhere",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Addresses of the team’s public pages, such as https://www.facebook.com/ElmBridgePolice, one a line.",
    )

    def __init__(self, by: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounded = queries.scope_area_ids(by) is not None
        areas = self.fields["areas"]
        assert isinstance(areas, AreasField)
        areas.offer(by, self.initial.get("areas", ()))
        if self.bounded:
            areas.help_text = "At least one."
        people = queries.staff_in_scope(by).filter(is_active=True)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]

    def clean_areas(self) -> Any:
        given = self.cleaned_data["areas"]
        if self.bounded and not given:
            raise ValidationError("Choose at least one of your areas")
        return given

    def clean_social(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["social"].splitlines() if line.strip()]
        for line in lines:
            if not elsewhere.site(line):
                known = ", ".join(dict.fromkeys(elsewhere.SITES.values()))
                said = "“%s” is no address of a page we can link to. It begins with https:// and is on one of these: %s"
                raise ValidationError(said % (line[:80], known))
        if len(lines) > elsewhere.MOST:
            raise ValidationError(f"Choose {elsewhere.MOST} pages at most")
        return "\n".join(lines)

    def clean_public_phone(self) -> str:
        """As given when it is a number people can call; 101 and other short ones are."""
        given: str = self.cleaned_data["public_phone"].strip()
        if not given or (given.isdecimal() and len(given) <= 6):
            return given
        try:
            normalise.landline(given)
        except BadAddress as problem:
            raise ValidationError(str(problem)) from problem
        return given


class ProfileForm(forms.Form):
    job_title = forms.CharField(
        label="Job title", max_length=80, required=False, help_text="What residents read, like “PCSO”."
    )
    show_name = forms.BooleanField(label="Show my name to residents", required=False)


class PhotoForm(forms.Form):
    file = forms.FileField(
        label="Photograph",
        help_text="JPEG, HEIC, PNG, GIF or WebP, 10 MB at most. It is made smaller, and where it was taken is removed.",
        error_messages={"required": "Choose a file", "empty": "That file is empty. Choose another one"},
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/heic,image/png,image/gif,image/webp"}),
    )
    alt = forms.CharField(
        label="What it shows, in words",
        help_text="Read out to people who do not see it, like “PCSO Alder in uniform, smiling, by the canal”.",
        max_length=250,
        error_messages={"required": "Say in words what the picture shows"},
    )


class SetUpForm(forms.Form):
    """The first password, twice."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, staff: Staff, *args: Any) -> None:
        super().__init__(*args)
        self.staff = staff

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.staff)
        return password

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1") not in (None, again):
            raise ValidationError("The two passwords are not the same")
        return again
