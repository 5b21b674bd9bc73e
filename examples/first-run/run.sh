#!/usr/bin/env bash
# Two users connect their Notion, ask an agent for their meetings and leave again. Each must see only their own pages.
#
#   npm run demo                              # in another terminal
#   bash examples/first-run/run.sh [demo.json]
#
# Nothing but curl and, to read JSON, node. Ends with 0 only if every check held.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
demo=${1:-${CHAVEIRO_DATA_DIR:-$root/data/demo}/demo.json}
question='Busque páginas sobre reuniões no meu Notion'
notion_version=2026-03-11

fail() {
  printf '\n✗ %s\n' "$*" >&2
  exit 1
}

# pick users.0.email < document: one value, strings without quotes, everything else as JSON; empty where it is absent.
pick() {
  node -e '
    const value = process.argv[1].split(".").reduce((at, key) => at?.[key], JSON.parse(require("fs").readFileSync(0, "utf8")))
    process.stdout.write(value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value))
  ' "$1"
}

# check <what must hold> <is> <should be>
check() {
  [[ $2 == "$3" ]] || fail "$1: it is \"$2\" and should be \"$3\"."
  printf '  ✓ %s\n' "$1"
}

# send METHOD URL BODY TOKEN [HEADER]: prints the answer; whatever is not 2xx ends the story.
# Token and body go through files, not through arguments, which every process on a machine can read.
send() {
  local answer status body=()
  [[ -z $3 ]] || body=(--header 'Content-Type: application/json' --data-binary @-)
  answer=$(curl --silent --show-error --max-time 60 --request "$1" --url "$2" \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "$4") ${5:+--header "$5"} \
    ${body[@]+"${body[@]}"} --write-out '\n%{http_code}' <<<"$3") || fail "$2 does not answer. Is the demo running?"
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  [[ $status == 2?? ]] || fail "$1 $2 answered $status: $answer"
  printf '%s' "$answer"
}

# The ids of every page that a key opens, asked of Notion itself.
pages_of() {
  send POST "$notion_url/v1/search" '{"filter": {"property": "object", "value": "page"}, "page_size": 100}' "$1" \
    "Notion-Version: $notion_version" | node -e '
      const { results } = JSON.parse(require("fs").readFileSync(0, "utf8"))
      for (const { id } of results) console.log(id)
    '
}

# How many of the ids (first argument, one a line) occur in a text.
count_in() {
  grep -cF -f <(printf '%s' "$1") <<<"${2//,/$'\n'}" || true
}

story() {
  local email=$1 token=$2 key=$3 own_pages=$4 foreign_pages=$5 answer agent
  printf '\n%s\n' "$email"
  api() { send "$1" "$base_url$2" "${3-}" "$token"; }

  answer=$(api POST /api/mcp/notion/connect "{\"api_key\": \"$key\"}")
  check "connected to $(pick label <<<"$answer")" "$(pick connected <<<"$answer")" true

  answer=$(api GET /api/mcp/notion/status)
  check 'the status says so too' "$(pick status <<<"$answer")" connected
  check 'and tells nothing of the key' "$(count_in "$key" "$answer")" 0

  answer=$(api GET /api/mcp/connections)
  check 'one connection is listed' "$(pick connections.length <<<"$answer")" 1

  answer=$(api POST /api/agents '{"name": "Reuniões", "tools": ["notion_search_pages", "notion_read_page_content"]}')
  agent=$(pick id <<<"$answer")
  check "agent $agent has two tools" "$(pick tools.length <<<"$answer")" 2

  printf '  → %s\n' "$question"
  answer=$(api POST /api/agents/chat "{\"agent_id\": $agent, \"message\": \"$question\"}")
  check 'the agent searched' "$(pick tool_calls.0.name <<<"$answer")" notion_search_pages
  check 'the search succeeded' "$(pick tool_calls.0.status <<<"$answer")" succeeded
  pick message <<<"$answer" | sed 's/^/    /'
  printf '\n'
  [[ $(count_in "$own_pages" "$answer") -gt 0 ]] || fail "None of the pages of $email was found."
  printf '  ✓ pages of their own were found\n'
  check 'none of the other user' "$(count_in "$foreign_pages" "$answer")" 0

  answer=$(api DELETE /api/mcp/notion/disconnect)
  check 'disconnected' "$(pick disconnected <<<"$answer")" true
  answer=$(api POST /api/agents/chat "{\"agent_id\": $agent, \"message\": \"$question\"}")
  check 'without a connection the agent says where to connect' "$(pick code <<<"$answer")" not_connected
  api DELETE "/api/agents/$agent" >/dev/null
}

[[ -f $demo ]] || fail "There is no $demo. Start the demo first: npm run demo"
base_url=$(pick base_url <"$demo")
notion_url=$(pick notion_api_url <"$demo")

emails=() tokens=() keys=() pages=()
for index in 0 1; do
  emails+=("$(pick "users.$index.email" <"$demo")")
  tokens+=("$(pick "users.$index.api_token" <"$demo")")
  keys+=("$(pick "users.$index.notion_api_key" <"$demo")")
  pages+=("$(pages_of "${keys[index]}")")
done

for index in 0 1; do
  story "${emails[index]}" "${tokens[index]}" "${keys[index]}" "${pages[index]}" "${pages[1 - index]}"
done

printf '\n✓ Each user saw only their own pages.\n'
