"""lists.py [KIND]: everything that the cloud's own lists have for the project of OS_*, a line each: kind, id, name, description. Asked of the
services themselves, and not of the program that is tried."""
import json
import os
import sys
import urllib.request

KINDS = {
    "servers": ("compute", "/servers"), "ports": ("network", "/v2.0/ports"), "security_groups": ("network", "/v2.0/security-groups"),
    "security_group_rules": ("network", "/v2.0/security-group-rules"), "floatingips": ("network", "/v2.0/floatingips"),
    "keypairs": ("compute", "/os-keypairs"),
}


def ask(url, body=None, **headers):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer), answer.headers


def main():
    env = os.environ
    user = {"name": env["OS_USERNAME"], "domain": {"name": env.get("OS_USER_DOMAIN_NAME", "Default")}, "password": env["OS_PASSWORD"]}
    project = {"name": env["OS_PROJECT_NAME"], "domain": {"name": env.get("OS_PROJECT_DOMAIN_NAME") or user["domain"]["name"]}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": project}}}
    base = env["OS_AUTH_URL"].rstrip("/")
    token, headers = ask((base if base.endswith("/v3") else base + "/v3") + "/auth/tokens", body)
    services = {
        entry["type"]: endpoint["url"].rstrip("/")
        for entry in token["token"]["catalog"] for endpoint in entry["endpoints"]
        if endpoint["interface"] == "public" and endpoint["region_id"] == env.get("OS_REGION_NAME", endpoint["region_id"])}
    lines = []
    for kind, (service, path) in KINDS.items():
        if sys.argv[1:] and kind not in sys.argv[1:]:
            continue
        answer, _ = ask(services[service] + path, **{"X-Auth-Token": headers["X-Subject-Token"]})
        for thing in answer[kind]:
            thing = thing.get("keypair", thing)
            lines.append(f"{kind} {thing.get('id', '-')} {thing.get('name', '')} {thing.get('description', '')}".rstrip())
    print("\n".join(sorted(lines)))


main()
