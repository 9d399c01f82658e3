"""Aura over HTTP with nothing but Python's standard library: copy it.

The haggle below is for currencies of two decimals. With a key, which `cryptography` reads, the requests are signed.

    python3 client.py "cheap hostel in Bali" 60
    python3 client.py --key agent.pem "cheap hostel in Bali" 60
"""
import argparse
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
import uuid

GATEWAY = os.environ.get("GATEWAY_URL") or "http://127.0.0.1:8000"


SIGNER = None


def post(path, message, tries=4):
    """The answer as a dict; waits and asks again where the gateway says when to come back."""
    url, body, more = GATEWAY + path, json.dumps(message).encode(), {"content-type": "application/json"}
    if path == "/v1/negotiate":
        more["idempotency-key"] = str(uuid.uuid4())
    while True:
        # Each try is signed anew.
        headers = more | (SIGNER.headers("POST", url, body, more) if SIGNER else {})
        request = urllib.request.Request(url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as response:
                return json.load(response)
        except urllib.error.HTTPError as problem:
            tries -= 1
            retry_after = problem.headers.get("retry-after")
            if tries == 0 or retry_after is None:
                sys.exit(f"{problem.code}: {json.load(problem)}")
            time.sleep(float(retry_after))


def search(query, limit=5):
    return post("/v1/search", {"query": query, "limit": limit})["results"]


def negotiate(item_id, amount, agent, session=None):
    bid = {"item_id": item_id, "bid_amount": amount, "agent_did": agent}
    return post("/v1/negotiate", bid | ({"session_token": session} if session else {}))


def read_budget(text):
    """Digits alone, because 1.000 or 45,5 could be two amounts."""
    if not re.fullmatch(r"[0-9]{1,9}([.][0-9]{1,2})?", text) or float(text) == 0:
        sys.exit(f"the budget must be above 0, in digits such as 60 or 45.50, not {text!r}")
    return float(text)


def main(query, budget, agent):
    item = next((each for each in search(query) if each["price"] <= 1.6 * budget), None)
    if item is None:
        sys.exit("Nothing within reach.")
    bid, session = min(budget, 0.6 * item["price"]), None
    for _ in range(12):
        answer = negotiate(item["id"], round(bid, 2), agent, session)
        print(f'{bid:.2f} {item["currency"]} for {item["name"]}: {answer["status"]} {answer.get("data")}')
        if answer["status"] != "countered":
            break
        session, ask = answer["session_token"], answer["data"]["proposed_price"]
        last = answer["data"]["reason_code"] == "LAST_OFFER"
        bid = ask if last and ask <= budget else min(budget, bid + 0.3 * (ask - bid))


if __name__ == "__main__":
    words = argparse.ArgumentParser(usage='python3 client.py [--key agent.pem] "cheap hostel in Bali" 60')
    words.add_argument("--key")
    words.add_argument("query")
    words.add_argument("budget")
    given = words.parse_args()
    if given.key:
        import sign

        SIGNER = sign.Signer(given.key)
    main(given.query, read_budget(given.budget), SIGNER.did if SIGNER else "did:example:python-buyer")
