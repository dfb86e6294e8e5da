{{- define "gitlab-sync.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gitlab-sync.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gitlab-sync.labels" -}}
{{ include "gitlab-sync.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "gitlab-sync.credentials" -}}
{{- .Values.credentials.existingSecret | default (include "gitlab-sync.name" .) -}}
{{- end -}}

{{- /* The secret of SSH keys, or nothing over HTTPS. */ -}}
{{- define "gitlab-sync.ssh" -}}
{{- if .Values.ssh.existingSecret -}}
{{- .Values.ssh.existingSecret -}}
{{- else if .Values.ssh.privateKey -}}
{{- printf "%s-ssh" (include "gitlab-sync.name" .) -}}
{{- end -}}
{{- end -}}

{{- /* What a schema cannot say. */ -}}
{{- define "gitlab-sync.check" -}}
{{- $values := .Values -}}
{{- if and (not $values.credentials.existingSecret) (not (and $values.credentials.sourceToken $values.credentials.targetToken)) -}}
{{- fail "credentials: name an existingSecret, or give sourceToken and targetToken" -}}
{{- end -}}
{{- if and $values.credentials.existingSecret (or $values.credentials.sourceToken $values.credentials.targetToken $values.notify.webhook $values.notify.secret $values.notify.pingUrl) -}}
{{- fail "credentials: with existingSecret, tokens and notify's values belong into that secret" -}}
{{- end -}}
{{- if and (not (include "gitlab-sync.ssh" .)) (ne (get $values.settings "GITLAB_SYNC_TRANSPORT") "https") -}}
{{- fail "ssh: name an existingSecret, give a privateKey, or set settings.GITLAB_SYNC_TRANSPORT to https" -}}
{{- end -}}
{{- if and $values.ssh.strictHostKeys $values.ssh.privateKey (not $values.ssh.knownHosts) -}}
{{- fail "ssh: strictHostKeys needs knownHosts beside privateKey" -}}
{{- end -}}
{{- if and $values.target.groups (ne (len $values.target.groups) (len $values.source.groups)) -}}
{{- fail (printf "target.groups has %d groups, source.groups has %d" (len $values.target.groups) (len $values.source.groups)) -}}
{{- end -}}
{{- $claims := ternary 1 (int $values.shards.count) (eq $values.shards.mode "indexed") -}}
{{- if and $values.persistence.existingClaims (ne (len $values.persistence.existingClaims) $claims) -}}
{{- fail (printf "persistence.existingClaims names %d claims, mode %s with %d shards needs %d" (len $values.persistence.existingClaims) $values.shards.mode (int $values.shards.count) $claims) -}}
{{- end -}}
{{- end -}}

{{- /* The name of the CronJob and the claim of a shard, which counts from 1; "" where one serves all. */ -}}
{{- define "gitlab-sync.shardName" -}}
{{- $name := include "gitlab-sync.name" .root -}}
{{- if .shard }}{{ printf "%s-%d" $name (int .shard) }}{{ else }}{{ $name }}{{ end -}}
{{- end -}}

{{- /* A list of what has a CronJob and a claim: the shards from 1, or "" for all in one. */ -}}
{{- define "gitlab-sync.shards" -}}
{{- if and (eq .Values.shards.mode "separate") (gt (int .Values.shards.count) 1) -}}
{{- untilStep 1 (int (add1 .Values.shards.count)) 1 | toJson -}}
{{- else -}}
[""]
{{- end -}}
{{- end -}}
