#!/bin/sh
# Puts the sample telemetry on the stream of any endpoint, its times moved to now:
#
#   localstack/send-sample.sh http://127.0.0.1:4566
set -eu
endpoint=${1:-http://127.0.0.1:4566}
stream=${2:-manufacturing-process}
here=$(dirname "$0")
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-local} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-local}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1}

# Version 2 of the AWS CLI takes --data as base64 unless it is told otherwise; version 1 does not know the option.
raw=
case $(aws --version 2>&1) in
  aws-cli/1.*) ;;
  *) raw="--cli-binary-format raw-in-base64-out" ;;
esac

# The sample's first minute is nine minutes ago.
start=$((($(date +%s) - 540) * 1000))
sent=0
while IFS= read -r line; do
  offset=${line%% *}
  record=$(printf '%s' "${line#* }" | sed "s/@TIME@/$((start + offset))/")
  process=$(printf '%s' "$record" | sed 's/.*"process_id":"\([^"]*\)".*/\1/')
  # shellcheck disable=SC2086
  aws --endpoint-url "$endpoint" kinesis put-record $raw --stream-name "$stream" \
    --partition-key "$process" --data "$record" >/dev/null
  sent=$((sent + 1))
done < "$here/data/telemetry.txt"
echo "$sent records on $stream at $endpoint"
