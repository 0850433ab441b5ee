"""Holders mark customers for release; records are corrected."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.customers.v1 import customers_pb2 as customers

from tests.simulation.companies import COMPANIES
from tests.simulation.people import reviewing
from tests.simulation.people.asking import (
    any_customer,
    command,
    mostly,
)
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def mark(world: "World") -> Command:
    """A holder marks a customer for release, or writes another mnemonic."""
    held = world.rows["customers"].all(
        "SELECT customer_id, holder_id FROM custody WHERE holder_id <> '' ORDER BY customer_id"
    )
    if not held and not world.chance(0.1):
        return reviewing.decide(world)
    customer_id, who = world.random.choice(held) if held else ("nothing", "li")
    day = world.now.astimezone(SHANGHAI).date()
    if world.chance(0.05):
        day -= timedelta(days=1)
    text = f"{day:%Y%m%d}删除" if world.chance(0.9) else "老客户"
    request = customers.SetMnemonicRequest(customer_id=customer_id, mnemonic=text)
    who = mostly(world, (who or "li",))
    return command(world, f"marks {customer_id}", world.customers.SetMnemonic, request, who)


def supplement(world: "World") -> Command:
    """The holder or Customer Service corrects a record; a name may become another company's."""
    customer_id, company = any_customer(world)
    custody = world.rows["customers"].one(
        "SELECT holder_id FROM custody WHERE customer_id = ?", customer_id
    )
    form = customers.CustomerForm(category=world.random.choice(("", "intended", "online")))
    if company and company.kind == "general" and world.chance(0.5):
        other = world.random.choice([c for c in COMPANIES if c.kind == "general"])
        form.full_name = world.random.choice((company, other)).spellings[-1][0]
    request = customers.SupplementCustomerRequest(
        customer_id=customer_id, form=form, reason="更正", etag=world.random.choice(("", "", "1"))
    )
    if not form.ByteSize():
        form.hr_lead = "代春燕"
        request.form.CopyFrom(form)
    who = world.random.choice((custody[0] if custody and custody[0] else "zhou", "zhou", "wu"))
    label = f"supplements {customer_id}"
    return command(world, label, world.customers.SupplementCustomer, request, who)
