"""The rows of one institution for its data sets: good ones, and what a person may get wrong in them."""
import open_api_client

NAME, USCC = "示例报送医院（示例）", "12990000MB00001018"


def sample(dataset, **changes):
    """A good row, as the platform itself proposes it to developers."""
    [row] = open_api_client.samples(dataset, "1")["data"]["rows"]
    return {**row, **changes}


def basics():
    """Return ``(data set, wrong row, what is wrong), right row``; so do the following."""
    row = sample("institution_basic", name=NAME, uscc=USCC, bed_count=654)
    wrong = {**row, "uscc": USCC[:-1] + "0", "bed_count": "多"}
    return ("institution_basic", wrong, [(1, "bed_count"), (1, "uscc")]), row


def specialty():
    row = sample("specialty_group", name="示例内科（示例）", pi_name="周示例（示例）", bed_count=66)
    return ("specialty_group", {**row, "pi_title": "院长"}, [(1, "pi_title")]), row


def committee():
    row = sample("ethics_committee", name="示例报送医院伦理委员会（示例）")
    [chair] = row["members"]
    row["members"] = [chair, *({**chair, "name": f"委员{number}（示例）", "role": "member", "gender": gender}
                               for number, gender in enumerate(["male", "female"] * 3))]
    return ("ethics_committee", {**row, "term_to": row["term_from"]}, [(1, "term_to")]), row
