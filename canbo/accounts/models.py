"""Users of the house. What they may do follows from roles and mandates beside."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """One account. ``person_code`` names the person of the register whose own file this account may see."""

    person_code = models.TextField(blank=True, default="")
    is_demo = models.BooleanField(default=False)
