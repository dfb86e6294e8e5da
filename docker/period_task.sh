#!/bin/bash
# The name that crontab lines of the Python gitlab-sync call.
exec /usr/local/lib/gitlab-sync/gitlab-sync sync "$@"
