"""Who there is: users (global), tenants, their members and API keys, and what was done.

Other apps derive their tenant tables from `tenants.rows.TenantModel`, and refer to these by string.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, models, transaction
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from tenants.columns import BoundedModel
from tenants.context import CONTROL
from tenants.emails import normal_email
from tenants.errors import AddressTaken
from tenants.hashing import is_password
from tenants.keys.models import ApiKey, IdempotentRequest
from tenants.postgres.routers import without_alias
from tenants.rows import TenantModel
from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS, MemberRole, PricingPlan, Residency
from warmline.kernel.clock import now
from warmline.kernel.ids import TenantId, new_uuid
from warmline.kernel.phone_numbers import E164_OR_NOTHING

__all__ = [
    "ApiKey",
    "AuditEvent",
    "IdempotentRequest",
    "Member",
    "SecurityEvent",
    "Tenant",
    "User",
    "WebhookEvent",
]


class Users(BaseUserManager["User"]):
    """Users by e-mail address, whose case does not count, and without their passwords.

    Outside of a tenant they are read and written as control, inside of one not at all.
    """

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with that address."""
        return self.using(CONTROL).get(email=normal_email(username or ""))

    async def aget_by_natural_key(self, username: str | None) -> "User":
        """The user with that address."""
        return await self.using(CONTROL).aget(email=normal_email(username or ""))

    def create_user(
        self, email: str, *, password: str, name: str = "", is_staff: bool = False
    ) -> "User":
        """A new user who can sign in; an address that is taken, in any case, is `BadInput`.

        Written by the control role: the app's may not make users. Whoever makes one vouches for
        the address: it counts as confirmed.
        """
        user = User(email=normal_email(email), name=name, is_staff=is_staff, is_superuser=is_staff)
        user.set_password(password)
        return self.insert(user, confirmed=True)

    def insert(self, user: "User", *, confirmed: bool) -> "User":
        """Write a new user and their address; one that is taken, in any case, is `BadInput`."""
        from allauth.account.models import EmailAddress

        address = EmailAddress(user=user, email=user.email, verified=confirmed, primary=True)
        try:
            with transaction.atomic(using=CONTROL):
                user.save(using=CONTROL, force_insert=True)
                address.save(using=CONTROL, force_insert=True)
        except IntegrityError:
            raise AddressTaken(f"a user with the address {user.email} exists already") from None
        return without_alias(user)

    def create_superuser(self, email: str, password: str) -> "User":
        """An operator of the platform, for `manage.py createsuperuser`."""
        return self.create_user(email, password=password, is_staff=True)


class PasswordField(models.CharField):  # type: ignore[type-arg]  # takes none when it runs
    """A column that is written and never read, in no join of a library's either.

    No login role may read it: `tenants.credentials` asks a function.
    """

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Nothing in its place."""
        return "NULL", []

    def deconstruct(self) -> Any:
        """To migrations it is a text."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class User(BoundedModel, AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. What they may see comes from their memberships."""

    password = PasswordField("password", max_length=128)
    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()
    # SHA-256 of the password's hash, of a user that was read for a session
    known_fingerprint: str | None = None

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower"
            )
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> "User":
        """A user as read: without the password, whoever joined them to what."""
        read = dict(zip(field_names, values, strict=True))
        read.pop("password", None)
        return super().from_db(db, list(read), list(read.values()), **kwargs)

    @property
    def password_fingerprint(self) -> str:
        """What changes with the password, and tells nothing of it."""
        return self._fingerprint()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is this user's password, as forms ask that change it; `TooManyAtOnce`."""
        return is_password(raw_password or "", self._password_hash())

    def has_usable_password(self) -> bool:
        """Whether they have one to sign in with."""
        return is_password_usable(self._password_hash())

    def _password_hash(self) -> str:
        if "password" in self.__dict__:
            return str(self.password)
        with connections[CONTROL].cursor() as cursor:
            cursor.execute("SELECT password FROM tenancy.credential_of(%s)", [self.email])
            row = cursor.fetchone()
        return "" if row is None else str(row[0])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session keeps to end with the password: Django's own, over the fingerprint."""
        return salted_hmac(
            "tenants.models.User", self._fingerprint(), secret=secret, algorithm="sha256"
        ).hexdigest()

    def _fingerprint(self) -> str:
        if "password" in self.__dict__:
            return sha256(self.password.encode()).hexdigest()
        if self.known_fingerprint is None:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute("SELECT fingerprint FROM tenancy.signed_in(%s)", [self.pk])
                (self.known_fingerprint,) = cursor.fetchone()
        return str(self.known_fingerprint)

    def clean(self) -> None:
        """Addresses are kept in lower case."""
        self.email = normal_email(self.email)


class Tenant(BoundedModel):
    """A company that answers its calls with Warmline; its row is visible to it and to control."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=100)
    vertical = models.CharField(max_length=40)
    plan = models.CharField(max_length=20, choices=PricingPlan, default=PricingPlan.TRIAL)
    residency = models.CharField(max_length=20, choices=Residency, default=Residency.ANYWHERE)
    time_zone = models.CharField(max_length=50, default="UTC")
    # Where a caller goes when no agent can answer, in E.164.
    human_number = models.CharField(max_length=16, blank=True)
    max_concurrent_calls = models.PositiveIntegerField(default=20)
    call_weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CALL_WEIGHT)],
        help_text="How much of the call slots is this company's while they are short: a company "
        "of weight 3 may hold three times as many as one of weight 1. From 1 to 10; without "
        "effect while there is room.",
    )
    warm_replicas = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        validators=[MaxValueValidator(MAX_WARM_REPLICAS)],
        help_text="This company's class: so many replicas are kept warm, whatever happens, in "
        "every pool that its calls may be served by. 0: none for its sake.",
    )
    # By an operator: its numbers are not answered until it is resumed.
    suspended_at = models.DateTimeField(null=True, blank=True)
    # By its owner. From `erase_at` on, which control alone writes, its rows may be deleted.
    closed_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    # Of a company that signed up by itself; on the trial plan no agent takes its calls after it.
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    # Its owners were told: 1 that the trial ends soon, 2 that it is over.
    trial_told = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(call_weight__range=(1, MAX_CALL_WEIGHT)),
                name="tenant_call_weight_1_to_10",
            ),
            models.CheckConstraint(
                condition=models.Q(warm_replicas__range=(0, MAX_WARM_REPLICAS)),
                name="tenant_warm_replicas_0_to_100",
            ),
            models.CheckConstraint(
                condition=models.Q(human_number__regex=E164_OR_NOTHING),
                name="tenant_human_number_e164",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tenant_id(self) -> TenantId:
        """The tenant's id as the other planes spell it."""
        return TenantId(str(self.id))

    @property
    def trial_end(self) -> datetime | None:
        """When its trial ends; None on any other plan, and for a trial without end."""
        return self.trial_ends_at if self.plan == PricingPlan.TRIAL else None


class Member(TenantModel):
    """A user's place in a tenant."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    role = models.CharField(max_length=20, choices=MemberRole)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="member_once")]
        indexes = [models.Index(fields=["user"], name="member_user")]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role}"


class AuditEvent(TenantModel):
    """Something that was done inside a tenant, and by whom; the app may add, never change."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-at"], name="audit_latest"),
            models.Index(fields=["tenant", "action", "-id"], name="audit_by_action"),
            models.Index(fields=["tenant", "actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject}"


class WebhookEvent(TenantModel):
    """Something that a company's own systems are told: its id is the `webhook-id` they see."""

    type = models.CharField(max_length=40)
    data = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-created_at"], name="webhook_event_latest")]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class SecurityEvent(BoundedModel):
    """Something refused before any tenant was known, as a forged job; only control reads it."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    at = models.DateTimeField(default=now, editable=False)
    action = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="security_latest")]

    def __str__(self) -> str:
        return f"{self.action} from {self.source}"


class SignIn(BoundedModel):
    """A browser in which somebody is signed in: it goes with its session.

    Known by the session's hash, which opens nothing. Only the functions before sessions touch it.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    session_key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.DO_NOTHING, related_name="+")
    address = models.CharField(max_length=45)
    device = models.CharField(max_length=200)
    began_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user_id} from {self.address}"


class OutgoingMail(BoundedModel):
    """A mail on its way out, written with what it tells of; its row goes when it is sent.

    `sealed` is all of it but whom it goes to: a link in it opens an account.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    recipient = models.EmailField(max_length=254)
    sealed = models.TextField(max_length=40_000)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="mail_due")]

    def __str__(self) -> str:
        return f"mail {self.id}"


# Django finds models where it looks for them: here. Each stands with what writes it.
import tenants.parked.models  # noqa: E402
import tenants.people.models  # noqa: E402, F401
