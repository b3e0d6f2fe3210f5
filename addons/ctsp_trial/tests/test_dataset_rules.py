from odoo.tests import TransactionCase, tagged

from odoo.addons.ctsp_dataset.tests.shipped import ShippedDataSets

DONE = {"status": "completed", "end_date": "2026-05-20"}
DEVICE = {"trial_type": "device", "phase": "other", "registration_class": "d3", "drug_class": None}
CLASSES = {
    "device_phase": ({**DEVICE, "phase": "iii"}, DEVICE, {}),
    "device_drug_class": ({**DEVICE, "drug_class": "chemical"}, DEVICE, {}),
    "number_kind": ({"ctr_no": "沪械临备20260001"}, {}, {**DEVICE, "ctr_no": "沪械临备20260001"}),
    "be_drug": ({"phase": "be", "trial_type": "device", "registration_class": "d3"}, {"phase": "be"},
                {"phase": "other", "trial_type": "device", "registration_class": "d3"}),
    "drug_class_kind": ({"registration_class": "d2"}, {"registration_class": "other"}, {"registration_class": None}),
    "device_class": ({"trial_type": "ivd", "phase": "other"},
                     {"trial_type": "ivd", "phase": "other", "registration_class": "d3", "drug_class": None}),
    "class_of_drug": ({"drug_class": "tcm"}, {"drug_class": "tcm", "registration_class": "z1"},
                      {"drug_class": "radiopharmaceutical"}),
}
RUNNING = ({"end_date": "2026-05-20"}, DONE, {**DONE, "status": "suspended"})
ENDED = ({"status": "terminated"}, DONE, {"status": "suspended"})
VOTES = {"ctr_no": "CTR20260001", "review_kind": "initial", "opinion": "approved", "votes_for": 8, "votes_against": 0}
COUNTED = {**VOTES, "votes_other": 0, "abstained": 1}


def ballot(**changes):
    return {"items": [COUNTED, {**COUNTED, **changes}]}


@tagged("post_install", "-at_install")
class TestDatasetRules(ShippedDataSets, TransactionCase):
    """The rules of the data sets about trials, each with a row that breaks it and rows that do not."""

    rules = {
        "recent_trials": {
            "dates": ({**DONE, "end_date": "2025-10-14"}, {**DONE, "end_date": "2025-10-15"}),
            "ethics_first": ({"start_date": "2025-08-31"}, {"start_date": "2025-09-01"}, {"ethics_date": None}),
            "ended": ENDED,
            "enrolled": ({"actual": 61}, {"actual": 60}, {"planned": None}),
            "enrolled_status": ({"status": "not_recruiting"}, {"status": "not_recruiting", "actual": 0}),
            "three_years": ({**DONE, "start_date": "2020-01-01", "end_date": "2022-12-31"},
                            {**DONE, "start_date": "2020-01-01", "end_date": "2023-01-01"}),
            "running": RUNNING,
            "approval_first": ({"start_date": "2025-05-31"}, {"start_date": "2025-06-01"}, {"approval_date": None}),
            "not_refused": ({"ethics_opinion": "rejected"}, {"ethics_opinion": "rejected", "start_date": None}),
            "single_lead": ({"scope": "single"}, {"scope": "single", "role": "lead"}),
            **CLASSES},
        "trial_basic": {
            "dates": ({**DONE, "end_date": "2025-10-19"}, {**DONE, "end_date": "2025-10-20"}),
            "running": RUNNING,
            "ended": ENDED,
            "enrolled_status": (
                {"status": "not_recruiting", "enrolled_total": 0},
                {"status": "not_recruiting", "enrolled_total": 0, "first_enrolled_date": None},
                {"status": "not_recruiting", "enrolled_total": None, "first_enrolled_date": None}),
            "first_given": ({"first_enrolled_date": None}, {"first_enrolled_date": None, "enrolled_total": 0}),
            "enrolled": ({"enrolled_total": 601}, {"enrolled_total": 600}, {"planned_total": None}),
            "approval_first": ({"first_enrolled_date": "2025-05-31"}, {"first_enrolled_date": "2025-06-01"}),
            "approval_given": ({"approval_no": None}, {"approval_no": None, "phase": "be"},
                               {"approval_no": None, "phase": "iv"}),
            "approval_dated": ({"approval_date": None}, {"approval_date": None, "approval_no": None}),
            "single_arm": ({"design": "single"}, {"design": "single", "randomisation": "none"},
                           {"design": "single", "randomisation": None}),
            "blinded": ({"randomisation": "none"}, {"randomisation": "none", "blinding": "open"}),
            "be_design": ({"phase": "be", "design": "factorial"}, {"phase": "be", "design": "crossover"}),
            "protocol_once": ({"protocol_no": "ABC-301"}, {"protocol_no": "ABC-302"}),
            **CLASSES},
        "trial_file": {
            "digest_given": ({"digest": None}, {"digest": None, "size": None}),
            "size_given": ({"size": None}, {"digest": None, "size": None}),
            "current_digest": ({"digest": None, "size": None}, {"digest": None, "size": None, "is_current": False}),
            "version_given": ({"file_version": None}, {"file_version": None, "kind": "contract"}),
            "dates": ({"effective_date": "2025-04-30"}, {"effective_date": "2025-05-01"},
                      {"effective_date": "2025-04-30", "kind": "contract"}, {"effective_date": None}),
            "in_force": ({"effective_date": "2026-06-02"}, {"effective_date": "2026-06-01"},
                         {"effective_date": "2026-06-02", "is_current": False}),
            "summary_stage": ({"kind": "summary"}, {"kind": "summary", "stage": "after"},
                              {"kind": "summary", "stage": None}),
            "after_kind": ({"stage": "after"}, {"stage": "during"}, {"stage": "after", "kind": "ethics"}),
            "file_once": ({"ctr_no": "CTR20260001", "file_version": "2.0"}, {"file_version": "2.0"},
                          {"ctr_no": "CTR20260001", "file_version": "3.0"}),
            "digest_once": ({"ctr_no": "CTR20260001"}, {"ctr_no": "CTR20260001", "digest": "0" * 64}, {})},
        "subject_basic": {
            "consent_first": ({"screening_date": "2025-10-31"}, {"screening_date": "2025-11-01"}),
            "enrolled_after": ({"enrolled_date": "2025-10-31", "screening_date": None},
                               {"enrolled_date": "2025-11-01"}),
            "enrolled_given": ({"enrolled_date": None}, {"enrolled_date": None, "status": "screening"}),
            "end_given": ({"status": "lost"}, {"status": "lost", "end_date": "2025-12-01"}),
            "screened_first": ({"screening_date": "2025-11-11"}, {"screening_date": "2025-11-10"}),
            "end_last": ({"status": "withdrawn", "end_date": "2025-11-09"},
                         {"status": "withdrawn", "end_date": "2025-11-10"},
                         {"status": "failed", "end_date": "2025-11-01", "enrolled_date": None}),
            "screening_only": ({"status": "screening"}, {"status": "screening", "enrolled_date": None}),
            "failed_only": ({"status": "failed"}, {"status": "failed", "enrolled_date": None}),
            "still_in": ({"end_date": "2025-12-01"}, {"end_date": "2025-12-01", "status": "completed"}),
            "reason_given": ({"status": "dead"}, {"status": "dead", "end_reason": "严重不良事件"},
                             {"status": "completed"}),
            "reason_dated": ({"end_reason": "按方案完成"}, {"end_reason": "按方案完成", "end_date": "2025-12-01"}),
            "random_enrolled": ({"status": "screening", "enrolled_date": None},
                                {"status": "screening", "enrolled_date": None, "random_no": None}),
            "random_once": ({"ctr_no": "CTR20260001", "random_no": "R0012"}, {"random_no": "R0012"},
                            {"ctr_no": "CTR20260001", "random_no": "R0013"})},
        "ethics_meeting": {
            "present": ({"members_present": 12}, {"members_present": 11}),
            "quorum": ({"members_total": 18}, {"members_total": 17}, {"members_total": 18, "form": "fast"}),
            "votes": (ballot(votes_for=8, votes_against=2), ballot(votes_for=8, votes_against=1), {"items": [VOTES]}),
            "votes_total": (ballot(votes_for=7), ballot(votes_for=7, votes_other=1), {"items": [VOTES]}),
            "majority": (ballot(votes_for=5, votes_against=3), ballot(votes_for=6, votes_against=2),
                         {**ballot(votes_for=2), "form": "fast"}),
            "seven": ({"members_total": 6, "members_present": 6}, {"members_total": 7, "members_present": 7})},
        "institution_review": {
            "dates": ({"review_date": "2025-07-31"}, {"review_date": "2025-08-01"}),
            "decided": ({"review_date": None}, {"review_date": None, "result": "pending"}),
            "pending": ({"result": "pending"}, {"result": "pending", "review_date": None}),
            "reviewer_given": ({"reviewer": None}, {"reviewer": None, "result": "pending"}),
            "note_given": ({"result": "refused", "note": None}, {"note": None}, {"result": "refused"})},
        "ethics_review": {
            "dates": ({"review_date": "2025-07-31"}, {"review_date": "2025-08-01"}),
            "opinion": ({"review_date": None}, {"review_date": None, "opinion": None}),
            "yearly": ({"next_review": "2026-08-22"}, {"next_review": "2026-08-20"}),
            "next_later": ({"next_review": "2025-08-20"}, {"next_review": "2025-08-21"}),
            "reviewed": ({"opinion": None}, {"opinion": None, "review_date": None}),
            "opinion_numbered": ({"opinion_no": None}, {"opinion_no": None, "opinion": None}),
            "next_given": ({"next_review": None}, {"next_review": None, "opinion": "rejected"},
                           {"next_review": None, "kind": "sae"}),
            "meeting_given": ({"meeting_no": None}, {"meeting_no": None, "form": "fast"}),
            "files_given": ({"files": None}, {"files": None, "kind": "closing"}),
            "opinion_once": ({"opinion_no": "2025-伦审-001"}, {"opinion_no": "2025-伦审-002"})},
        "log_path": {
            "six_months": ({"kept_months": 5, "log_kind": "login"}, {"kept_months": 6, "log_kind": "login"}),
            "trail_years": ({"kept_months": 59}, {"kept_months": 60}, {"kept_months": 59, "log_kind": "login"}),
            "api_address": ({"path": "/var/log/edc"}, {"path": "/var/log/edc", "access": "file"}),
            "no_password": ({"path": "https://edc.hospital.example.org/api/audit?password=x"},
                            {"path": "https://edc.hospital.example.org/api/password-audit"})},
        "audit_trail": {
            "reason": ({"reason": None}, {"reason": None, "action": "sign"}),
            "created": ({"action": "create"}, {"action": "create", "old_value": None}),
            "changed": ({"new_value": "120"}, {"new_value": None}, {"new_value": "120", "action": "view"}),
            "deleted": ({"action": "delete", "old_value": None}, {"action": "delete", "new_value": None}),
            "visit_subject": ({"subject_no": None}, {"subject_no": None, "visit": None})},
    }
