#!/usr/bin/env bash
# Validate for a CI job: annotations to the log, the full report to a file, a summary of the job.
set -uo pipefail

words=(--lang "${GOVKG_LANG:-en}" --fail-on "${GOVKG_FAIL_ON:-violation}")
while IFS= read -r shape; do
  [ -z "$shape" ] || words+=(--shapes "$shape")
done <<<"${GOVKG_SHAPES:-}"
paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$path")
done <<<"${GOVKG_PATHS:-}"

scratch="${RUNNER_TEMP:-$(mktemp -d)}"
report="$scratch/govkg-report.${GOVKG_FORMAT:-sarif}"

govkg validate --format github --output "$report" --force "${words[@]}" -- ${paths[@]+"${paths[@]}"} |
  tee "$scratch/govkg-annotations.txt"
code="${PIPESTATUS[0]}"
# 0 and 1 are verdicts; anything else wrote no report.
[ "$code" -gt 1 ] || echo "report=$report" >>"${GITHUB_OUTPUT:-/dev/null}"
{
  printf '## govkg validate\n\n'
  if [ "$code" -le 1 ]; then
    tail -n 1 "$scratch/govkg-annotations.txt"
  else
    printf 'Nothing was validated: exit %s, see the log.\n' "$code"
  fi
} >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$code"
