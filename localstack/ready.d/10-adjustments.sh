#!/bin/sh
# Run by LocalStack when it is ready: the queue that adjustments go to, with its dead-letter queue, as deploy/adjustment-events.yaml makes
# them. 'provision' makes the rest. May run again.
set -eu
endpoint=${AWS_ENDPOINT_URL:-http://localhost:4566}
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-local} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-local}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1}

# LocalStack brings awslocal; elsewhere the AWS CLI does.
if command -v awslocal >/dev/null 2>&1; then
  cli="awslocal"
else
  cli="aws --endpoint-url $endpoint"
fi

$cli sqs create-queue --queue-name adjustments-dead-letters >/dev/null
$cli sqs create-queue --queue-name adjustments --attributes \
  '{"MessageRetentionPeriod":"900","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:adjustments-dead-letters\",\"maxReceiveCount\":\"5\"}"}' >/dev/null
echo "queues: adjustments, adjustments-dead-letters"
