"""Whatever comes in: a clear refusal, and nothing written."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r
from google.protobuf.struct_pb2 import Struct

from chassis.identity import Signer, new_key_pair
from chassis.local import LocalRpcError
from tests.acceptance.actions import Company, rows
from tests.builders import BLUE_SEA, form
from tests.platform import ADMIN, keys
from tests.refusals import Told, read, refused
from tests.service.asking import methods, requests

LONG = "字" * 10_000
SQL = "成都'; DROP TABLE customer; --有限公司"
WORDS = {
    "control": "成都\x07蓝海科技有限公司",
    "nul": "成都\x00蓝海科技有限公司",
    "c1": "成都\x9f蓝海科技有限公司",
}
ODD = {
    "emoji": "成都🐳蓝海科技有限公司",
    "rtl": "成都שלום科技有限公司",
    "override": "成都\u202e蓝海科技有限公司",
    "joined": "成都👩\u200d💻科技有限公司",
    "combining": "成都蓝海科技有限公司" + "\u0301" * 50,
    "sql": SQL,
    "like": "成都%_蓝海科技有限公司",
    "format": "成都{name}{0}%s科技有限公司",
    "markup": "成都<script>alert(1)</script>有限公司",
}

NOT_A_NAME = {
    ODD["override"]: "TEXT_UNPRINTABLE",
    ODD["joined"]: "TEXT_UNPRINTABLE",
    ODD["combining"]: "NAME_NOT_FULL",
}
"""What a reader cannot see is no part of a name, and no name ends in it."""


@pytest.fixture
def quiet(company: Company) -> Any:
    """A refused call that must leave every table as it was."""

    def call(who: str, method: Any, request: Any) -> Told:
        before = rows(company.platform)
        told = refused(company.call, who, method, request)
        assert rows(company.platform) == before
        return told

    return call


def checking(company: Company, name: str) -> tuple[Any, c.CheckDuplicatesRequest]:
    request = c.CheckDuplicatesRequest(full_name=name)
    return company.platform.customers.CheckDuplicates, request


@pytest.mark.parametrize("text", [*WORDS.values(), LONG, "", "字" * 201])
def test_a_text_that_no_request_may_carry(company: Company, quiet: Any, text: str) -> None:
    told = quiet("li", *checking(company, text))
    assert (told.code, list(told.fields)) == ("INVALID_ARGUMENT", ["full_name"])


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_an_odd_name_is_taken_as_a_name_or_refused(company: Company, name: str) -> None:
    check = company.check("li", name)
    assert check.full_name == name
    if reason := NOT_A_NAME.get(name):
        assert refused(company.submit, "li", form(name)).fields == {"full_name": [reason]}
        return
    case_id = company.submit("li", form(name)).case.case_id
    customer = company.approve(case_id).customer_id
    assert company.customer("li", customer).form.full_name == name
    assert [hit.grade for hit in company.check("li", name).hits] == [c.DUPLICATE_GRADE_SAME]


FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "a number for a text": (form() | {"full_name": 5}, "form"),
    "a text for a list": (form() | {"phones": "13800138000"}, "form"),
    "a list for a text": (form() | {"hr_lead": ["代春燕"]}, "form"),
    "a mapping for a text": (form() | {"hr_lead": {"name": "代春燕"}}, "form"),
    "a list of numbers": (form() | {"phones": [13800138000]}, "form"),
    "an unknown item": (form() | {"holder_id": "li"}, "form"),
    "a long text": (form() | {"business_address": LONG}, "form.business_address"),
    "a long list": (form() | {"phones": ["13800138000"] * 11}, "form.phones"),
    "a control character": (form() | {"hr_lead": "代\x1b春燕"}, "form.fields"),
    "an unknown kind": (form() | {"industry_kind": "zoo"}, "industry_kind"),
    "an unknown category": (form() | {"category": "vip"}, "category"),
}


@pytest.mark.parametrize(("data", "field"), FORMS.values(), ids=FORMS)
def test_a_form_of_other_types(
    company: Company, quiet: Any, data: dict[str, Any], field: str
) -> None:
    check = company.check("li", BLUE_SEA)
    request = r.SubmitCaseRequest(case_type="new_customer", check_id=check.check_id)
    request.form.update(data)
    told = quiet("li", company.platform.review.SubmitCase, request)
    assert told.code == "INVALID_ARGUMENT"
    assert any(name.startswith(field) for name in told.fields), told.fields


def test_a_form_nested_without_end(company: Company, quiet: Any) -> None:
    deep = Struct()
    inner = deep
    for _ in range(25):
        inner = inner.get_or_create_struct("full_name")
    request = r.SubmitCaseRequest(case_type="new_customer", check_id="x", form=deep)
    assert quiet("li", company.platform.review.SubmitCase, request).code == "INVALID_ARGUMENT"


def test_a_new_customer_is_no_existing_one(company: Company, quiet: Any) -> None:
    held = company.acquire("wang")
    check = company.check("li", "成都红岩科技有限公司")
    request = r.SubmitCaseRequest(
        case_type="new_customer", check_id=check.check_id, customer_id=held
    )
    request.form.update(form("成都红岩科技有限公司"))
    told = quiet("li", company.platform.review.SubmitCase, request)
    assert list(told.fields) == ["customer_id"]


def test_an_unknown_case_type(company: Company, quiet: Any) -> None:
    for name in ("", "bonus", "new_customer ", "NEW_CUSTOMER", "x" * 41):
        request = r.SubmitCaseRequest(case_type=name)
        assert quiet("li", company.platform.review.SubmitCase, request).code == "INVALID_ARGUMENT"


def test_unknown_enum_values(company: Company, quiet: Any) -> None:
    platform, verdict = company.platform, r.DecideCaseRequest(case_id="x")
    for value in (0, 99, -1):
        verdict.verdict = value  # type: ignore[assignment]
        assert list(quiet("zhou", platform.review.DecideCase, verdict).fields) == ["verdict"]
    listed = r.ListCasesRequest(state=99)  # type: ignore[arg-type]
    assert list(quiet("zhou", platform.review.ListCases, listed).fields) == ["state"]
    staff = h.Staff(display_name="马丽", hire_date="2026-01-01", department="s", roles=["hr"])
    staff.gender = 7  # type: ignore[assignment]
    request = h.CreateStaffRequest(staff=staff)
    assert list(quiet("admin", platform.staff.CreateStaff, request).fields) == ["staff.gender"]


PEOPLE: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"display_name": ""}, "staff.display_name"),
    "a long name": ({"display_name": LONG}, "staff.display_name"),
    "no date": ({"hire_date": ""}, "staff.hire_date"),
    "no such date": ({"hire_date": "2026-02-30"}, "staff.hire_date"),
    "another format": ({"hire_date": "20260101"}, "staff.hire_date"),
    "far ahead": ({"hire_date": "2099-01-01"}, "staff.hire_date"),
    "no role": ({"roles": []}, "staff.roles"),
    "many roles": ({"roles": ["hr"] * 21}, "staff.roles"),
    "a negative limit": ({"personal_limit_count": -1}, "staff.personal_limit_count"),
    "a huge limit": ({"personal_limit_count": 2**31 - 1}, "staff.personal_limit_count"),
}


@pytest.mark.parametrize(("changes", "field"), PEOPLE.values(), ids=PEOPLE)
def test_a_person_that_cannot_be(
    company: Company, quiet: Any, changes: dict[str, Any], field: str
) -> None:
    good = {
        "display_name": "马丽",
        "hire_date": "2026-01-01",
        "department": "s",
        "roles": ["hr"],
    }
    request = h.CreateStaffRequest(staff=h.Staff(**good | changes))
    assert list(quiet("admin", company.platform.staff.CreateStaff, request).fields) == [field]


def test_long_remarks_reasons_and_lists(company: Company, quiet: Any) -> None:
    platform = company.platform
    submit = r.SubmitCaseRequest(case_type="pool_claim", customer_id="x", remarks=LONG)
    assert list(quiet("li", platform.review.SubmitCase, submit).fields) == ["remarks"]
    rows_ = [c.CustomerForm(full_name=BLUE_SEA)] * 501
    many = c.ImportCustomersRequest(rows=rows_)
    assert list(quiet("zhou", platform.customers.ImportCustomers, many).fields) == ["rows"]
    decide = r.DecideCaseRequest(
        case_id="x", verdict=r.VERDICT_REJECT, checks={str(n): True for n in range(21)}
    )
    assert list(quiet("zhou", platform.review.DecideCase, decide).fields) == ["checks"]
    mark = c.SetMnemonicRequest(customer_id="x", mnemonic="字" * 101)
    assert list(quiet("li", platform.customers.SetMnemonic, mark).fields) == ["mnemonic"]


def test_an_import_names_each_bad_row_and_enters_the_others(company: Company) -> None:
    request = c.ImportCustomersRequest(
        rows=[
            c.CustomerForm(full_name=BLUE_SEA),
            c.CustomerForm(full_name="蓝海"),
            c.CustomerForm(full_name=BLUE_SEA),
            c.CustomerForm(full_name="成都红岩科技有限公司", phones=["12345"]),
        ]
    )
    answer = company.call("zhou", company.platform.customers.ImportCustomers, request)
    assert [row.accepted for row in answer.rows] == [True, False, False, False]
    refusals = [[item.reason for item in row.refusals] for row in answer.rows]
    assert refusals == [[], ["NAME_LENGTH"], ["IDENTITY_TAKEN"], ["PHONE_FORMAT"]]
    assert all(item.clause for row in answer.rows for item in row.refusals)


def unsigned(header: dict[str, str], **claims: Any) -> str:
    return jwt.encode(claims, None, algorithm="none", headers=header)


def hs256(body: str, secret: str) -> str:
    """Sign by hand what the library refuses to sign: with a public key as the shared secret."""
    header = json.dumps({"alg": "HS256", "kid": "test", "typ": "JWT"}).encode()
    head = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    mac = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def tokens(company: Company) -> dict[str, str]:
    """Return tokens of every sort that must not open the door."""
    now, signer = company.platform.now, Signer(keys()[0])
    quarter = timedelta(minutes=15)
    good = signer.sign(ADMIN, now, quarter)
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = {"kid": "test"}
    own = jwt.PyJWK.from_json(keys()[0], algorithm="EdDSA")

    def signed(**changes: Any) -> str:
        return jwt.encode(
            {name: value for name, value in (claims | changes).items() if value is not None},
            own,
            algorithm="EdDSA",
            headers=kid,
        )

    head, body, signature = good.split(".")
    forged = signer.sign(company.platform.people["li"], now, quarter).split(".")
    return {
        "nothing": "",
        "rubbish": "x",
        "three parts": "a.b.c",
        "expired": signer.sign(ADMIN, now - quarter, quarter),
        "other audience": signed(aud="elsewhere"),
        "other issuer": signed(iss="somebody"),
        "no subject": signed(sub=None),
        "no expiry": signed(exp=None),
        "no audience": signed(aud=None),
        "expiry that is none": signed(exp="soon"),
        "other key": Signer(new_key_pair("test")[0]).sign(ADMIN, now, quarter),
        "unknown key": Signer(new_key_pair("other")[0]).sign(ADMIN, now, quarter),
        "alg none": unsigned(kid, **claims),
        "HS256 with the public key": hs256(body, keys()[2]),
        "signature of another": f"{head}.{body}.{forged[2]}",
        "cut": f"{head}.{body}.{signature[:-8]}",
    }


def test_a_wrong_token_opens_nothing(company: Company) -> None:
    platform = company.platform
    before = rows(platform, ())
    for name, token in tokens(company).items():
        metadata = [("authorization", f"Bearer {token}")] if token else []
        with pytest.raises(LocalRpcError) as error:
            platform.ownership.ListPool(h.ListPoolRequest(), metadata=metadata)
        assert read(error.value.status()).code == "UNAUTHENTICATED", name
    assert rows(platform, ()) == before


def test_no_method_is_open_without_a_token(company: Company) -> None:
    for name, served in methods(company.platform).items():
        for _, method in served:
            with pytest.raises(LocalRpcError) as error:
                method(requests()[name])
            assert read(error.value.status()).code == "UNAUTHENTICATED", name


def test_a_token_in_another_scheme_is_none(company: Company) -> None:
    token = company.platform.token(ADMIN)
    for header in (f"Basic {token}", token, f"Bearer{token}", "Bearer ", "Bearer"):
        with pytest.raises(LocalRpcError) as error:
            company.platform.ownership.ListPool(
                h.ListPoolRequest(), metadata=[("authorization", header)]
            )
        assert read(error.value.status()).code == "UNAUTHENTICATED"
