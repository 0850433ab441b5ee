"""The gRPC methods of customers: messages in and out of use cases."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from crm.customers.v1 import customers_pb2 as pb
from crm.customers.v1.customers_pb2_grpc import CustomerServiceServicer

from chassis import keysets, paging
from chassis.call import Call, Door
from chassis.contract import version_of
from chassis.rpc import command, peer_command, procedure, query
from chassis.unit import UnitOfWork
from services.customers import messages
from services.customers.app import (
    corrections,
    duplicates,
    forms,
    importing,
    other_names,
    queries,
    registration,
    scanning,
    suggesting,
)
from services.customers.app.duplicates import Check
from services.customers.app.queries import Seen
from services.customers.domain.form import GENERAL
from services.customers.domain.policy import CustomersPolicy
from services.customers.store.records import Record


class CustomersApi(CustomerServiceServicer):
    """Who our customers are."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @procedure
    def CheckDuplicates(
        self, call: Call, request: pb.CheckDuplicatesRequest
    ) -> pb.CheckDuplicatesResponse:
        """See the proto."""
        checks = _checked(call, [request])
        (told,) = _told(call, checks)
        return duplicates.keep_checks(
            call, checks, pb.CheckDuplicatesResponse(duplicate_check=told)
        )

    @procedure
    def BatchCheckDuplicates(
        self, call: Call, request: pb.BatchCheckDuplicatesRequest
    ) -> pb.BatchCheckDuplicatesResponse:
        """See the proto."""
        checks = _checked(call, request.names)
        told = _told(call, checks)
        return duplicates.keep_checks(
            call, checks, pb.BatchCheckDuplicatesResponse(duplicate_checks=told)
        )

    @query
    def GetDuplicateCheck(
        self, uow: UnitOfWork, request: pb.GetDuplicateCheckRequest
    ) -> pb.GetDuplicateCheckResponse:
        """See the proto."""
        check = duplicates.read_check(uow, request.check_id)
        return pb.GetDuplicateCheckResponse(duplicate_check=messages.write_check(check))

    @query
    def ListDuplicateChecks(
        self, uow: UnitOfWork, request: pb.ListDuplicateChecksRequest
    ) -> pb.ListDuplicateChecksResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found, total = duplicates.list_checks(uow, request.query, after, size + 1)
        page, token = paging.cut(request, found, size, keysets.keys)
        return pb.ListDuplicateChecksResponse(
            duplicate_checks=[messages.write_check(check) for check in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @command
    def StartDuplicateScan(
        self, uow: UnitOfWork, request: pb.StartDuplicateScanRequest
    ) -> pb.StartDuplicateScanResponse:
        """See the proto."""
        scan = scanning.start(uow, request.most_found)
        return pb.StartDuplicateScanResponse(duplicate_scan=messages.write_scan(scan))

    @query
    def GetDuplicateScan(
        self, uow: UnitOfWork, request: pb.GetDuplicateScanRequest
    ) -> pb.GetDuplicateScanResponse:
        """See the proto."""
        scan = scanning.read(uow, request.scan_id)
        return pb.GetDuplicateScanResponse(duplicate_scan=messages.write_scan(scan))

    @query
    def DescribeForm(
        self, uow: UnitOfWork, request: pb.DescribeFormRequest
    ) -> pb.DescribeFormResponse:
        """See the proto."""
        return messages.write_description(forms.describe_form(uow))

    @query
    def CheckForm(self, uow: UnitOfWork, request: pb.CheckFormRequest) -> pb.CheckFormResponse:
        """See the proto."""
        form, violations, advice = forms.check_form(uow, messages.read_form(request.form))
        return pb.CheckFormResponse(
            form=messages.write_form(form),
            violations=messages.write_advice(violations),
            advice=messages.write_advice(advice),
        )

    @query
    def GetCustomer(
        self, uow: UnitOfWork, request: pb.GetCustomerRequest
    ) -> pb.GetCustomerResponse:
        """See the proto."""
        seen = queries.read_customer(uow, request.customer_id)
        return pb.GetCustomerResponse(
            customer=_customer(uow, seen), release_mark=queries.release_mark(uow, seen)
        )

    @query
    def BatchGetCustomers(
        self, uow: UnitOfWork, request: pb.BatchGetCustomersRequest
    ) -> pb.BatchGetCustomersResponse:
        """See the proto."""
        found = queries.read_customers(uow, list(dict.fromkeys(request.customer_ids)))
        return pb.BatchGetCustomersResponse(customers=[_customer(uow, seen) for seen in found])

    @query
    def ListCustomers(
        self, uow: UnitOfWork, request: pb.ListCustomersRequest
    ) -> pb.ListCustomersResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = queries.list_customers(uow, request.holder_id, request.location, after, size + 1)
        page, token = paging.cut(
            request, found, size, lambda last: (last.record.created_at, last.record.customer_id)
        )
        return pb.ListCustomersResponse(
            customers=[_customer(uow, seen) for seen in page], next_page_token=token
        )

    @query
    def SuggestCustomers(
        self, uow: UnitOfWork, request: pb.SuggestCustomersRequest
    ) -> pb.SuggestCustomersResponse:
        """See the proto."""
        limit = paging.page_size(request, suggesting.USUAL, suggesting.MOST)
        found, more = suggesting.suggest(uow, request.query, limit)
        return pb.SuggestCustomersResponse(
            suggestions=[pb.CustomerSuggestion(**asdict(one)) for one in found], more=more
        )

    @query
    def ListCustomerFacts(
        self, uow: UnitOfWork, request: pb.ListCustomerFactsRequest
    ) -> pb.ListCustomerFactsResponse:
        """See the proto."""
        size = paging.page_size(request, 100, 500)
        after = paging.read_token(request)
        _, rows = queries.list_facts(
            uow, request.customer_id, int(after[0]) if after else 0, size + 1
        )
        page, token = paging.cut(request, rows, size, lambda last: (last["position"],))
        answer = pb.ListCustomerFactsResponse(next_page_token=token)
        for row in page:
            fact = answer.facts.add(
                fact_id=row["fact_id"],
                field=row["field"],
                values=row["content"],
                supersedes_id=row["supersedes_id"],
                reason=row["reason"],
                author_id=row["author_id"],
            )
            fact.record_time.FromDatetime(row["recorded_at"])
        return answer

    @command
    def SupplementCustomer(
        self, uow: UnitOfWork, request: pb.SupplementCustomerRequest
    ) -> pb.SupplementCustomerResponse:
        """See the proto."""
        form = messages.read_form(request.form)
        etag = version_of(request.etag)
        record = corrections.supplement(uow, request.customer_id, form, request.reason, etag)
        return pb.SupplementCustomerResponse(customer=_own(uow, record))

    @command
    def AddOtherName(
        self, uow: UnitOfWork, request: pb.AddOtherNameRequest
    ) -> pb.AddOtherNameResponse:
        """See the proto."""
        other = messages.read_other_name(request.other_name)
        etag = version_of(request.etag)
        record = other_names.add(uow, request.customer_id, other, request.reason, etag)
        return pb.AddOtherNameResponse(customer=_own(uow, record))

    @command
    def RemoveOtherName(
        self, uow: UnitOfWork, request: pb.RemoveOtherNameRequest
    ) -> pb.RemoveOtherNameResponse:
        """See the proto."""
        etag = version_of(request.etag)
        record = other_names.remove(uow, request.customer_id, request.name, request.reason, etag)
        return pb.RemoveOtherNameResponse(customer=_own(uow, record))

    @command
    def SetMnemonic(
        self, uow: UnitOfWork, request: pb.SetMnemonicRequest
    ) -> pb.SetMnemonicResponse:
        """See the proto."""
        record, marked = corrections.set_mnemonic(uow, request.customer_id, request.mnemonic)
        return pb.SetMnemonicResponse(customer=_own(uow, record), release_requested=marked)

    @command
    def ImportCustomers(
        self, uow: UnitOfWork, request: pb.ImportCustomersRequest
    ) -> pb.ImportCustomersResponse:
        """See the proto."""
        forms = [messages.read_form(row) for row in request.rows]
        return pb.ImportCustomersResponse(
            rows=[
                pb.ImportedRow(
                    accepted=not item.refusals,
                    customer_id=item.customer_id,
                    refusals=messages.write_advice(item.refusals),
                    advice=messages.write_advice(item.advice),
                    identity_digest=hashlib.sha256(item.key.encode()).hexdigest()[:32],
                )
                for item in importing.import_customers(uow, forms)
            ]
        )

    @peer_command
    def PrepareCase(
        self, uow: UnitOfWork, request: pb.PrepareCaseRequest
    ) -> pb.PrepareCaseResponse:
        """See the proto."""
        form = messages.read_form(request.form)
        if request.flow == pb.CASE_FLOW_REGISTER:
            prepared = registration.prepare_registration(
                uow, request.case_id, form, request.check_id
            )
        else:
            prepared = registration.prepare_claim(uow, request.case_id, request.customer_id, form)
        return pb.PrepareCaseResponse(
            full_name=prepared.form.full_name,
            category=prepared.form.category,
            hits=messages.write_hits(prepared.found.hits),
            same_organisation_ids=prepared.same_organisation,
            incomplete_fields=prepared.incomplete,
            advice=messages.write_advice(prepared.advice),
            form=messages.write_form(prepared.form),
            ignored=prepared.found.ignored,
        )


def _checked(
    call: Call, names: Sequence[pb.CheckDuplicatesRequest | pb.NameToCheck]
) -> list[Check]:
    """Look names up, each in one round trip to the database and with no transaction open."""
    wanted = [
        duplicates.Name(name.full_name, name.industry_kind or GENERAL, name.contact)
        for name in names
    ]

    def look(uow: UnitOfWork) -> list[Check]:
        found = duplicates.check_names(uow, wanted)
        return [
            Check(uow.new_id(), name, one, uow.now) for name, one in zip(wanted, found, strict=True)
        ]

    return call.look(look)


def _told(call: Call, checks: Sequence[Check]) -> list[pb.DuplicateCheck]:
    return [messages.write_found(check, call.actor.staff_id) for check in checks]


def _customer(uow: UnitOfWork, seen: Seen) -> pb.Customer:
    return messages.write_customer(seen, uow.policy(CustomersPolicy).rules)


def _own(uow: UnitOfWork, record: Record) -> pb.Customer:
    """Write a customer that the caller has just changed."""
    return _customer(uow, queries.seen_by_changer(uow, record))
