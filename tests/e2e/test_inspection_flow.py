"""From plan to closed finding, as planner, inspectors, reviewer, institution and leader; each in a browser of his own.

A filing and a list of institutions become plans; a team without conflict of interest is assigned; the inspection is
recorded clause by clause with a photo; the leader closes it with graded findings and papers; the reviewer returns it
once, then approves; the institution asks for more time and answers from outside; findings are verified, the inspection
closed, and the year seen in charts.
"""
import flow_world
import pytest
import world
from flow_answers import answer, ask_for_more_time, close, grant, see_the_year, verify
from flow_papers import print_the_papers
from flow_plan import assign_the_team, plan_the_year
from flow_record import conclude, declare_and_begin, hand_in, record
from flow_review import approve, mend, return_once
from flow_story import CONFLICTED, INSTITUTION, LABEL, LEADER, MEMBER, OTHER, ROLES, TODAY


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES, outside=("e2e_flow_institution",))


@pytest.fixture(scope="module")
def made(platform, people):
    return flow_world.make(
        platform, institution=INSTITUTION, other=OTHER, outsider="e2e_flow_institution", today=str(TODAY),
        label=LABEL, number=world.NAMES.randrange(10_000), conflicted=CONFLICTED, inspectors=[
            (LEADER, "e2e_flow_leader"), (MEMBER, "e2e_flow_member"), (CONFLICTED, "")])


@pytest.fixture
def signed_in(people, made, visit):
    """signed_in(role) → the screen of that person."""
    return lambda role, **options: visit(**options).sign_in(
        f"e2e_flow_{role}", people.passwords[f"e2e_flow_{role}"])


def test_from_plan_to_closed_finding(signed_in, made):
    planner, leader = signed_in("planner"), signed_in("leader")
    plan_the_year(planner)
    address = assign_the_team(planner, made)
    declare_and_begin(leader, signed_in("member"), made)
    record(leader)
    conclude(leader)
    print_the_papers(leader, address)
    hand_in(leader)
    reviewer = signed_in("reviewer")
    return_once(reviewer)
    mend(leader, address)
    approve(reviewer)
    outside = signed_in("institution")
    wanted = ask_for_more_time(outside)
    grant(reviewer)
    answer(outside, wanted)
    verify(leader)
    close(reviewer, address)
    see_the_year(signed_in("head"))
