{{- define "gitlab-sync.pod" -}}
{{- $values := .root.Values -}}
{{- $ssh := include "gitlab-sync.ssh" .root -}}
{{- $credentials := include "gitlab-sync.credentials" .root -}}
{{- $indexed := eq $values.shards.mode "indexed" -}}
restartPolicy: Never
automountServiceAccountToken: false
# The variables of services would only be taken for misspelt settings.
enableServiceLinks: false
terminationGracePeriodSeconds: 30
{{- with $values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  # Volumes are made over to this group, and the secrets' files can be read by it.
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
containers:
  - name: gitlab-sync
    image: "{{ $values.image.repository }}:{{ $values.image.tag | default .root.Chart.AppVersion }}"
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args:
      - sync
      {{- if and $ssh $values.ssh.strictHostKeys }}
      - --strict-host-keys
      {{- end }}
      {{- range $values.extraArgs }}
      - {{ . | quote }}
      {{- end }}
    env:
      - {name: LOCAL_GITLAB_URL, value: {{ $values.source.url | quote }}}
      - {name: LOCAL_GITLAB_GROUP, value: {{ join "," $values.source.groups | quote }}}
      - {name: LOCAL_GITLAB_TOKEN_FILE, value: /run/secrets/gitlab-sync/source-token}
      - {name: REMOTE_GITLAB_URL, value: {{ $values.target.url | quote }}}
      - {name: REMOTE_GITLAB_GROUP, value: {{ join "," $values.target.groups | quote }}}
      - {name: REMOTE_GITLAB_TOKEN_FILE, value: /run/secrets/gitlab-sync/target-token}
      - {name: REMOTE_PARENT_GROUP, value: {{ $values.target.parentGroup | quote }}}
      - {name: REMOTE_GITLAB_PUSH_URL, value: {{ $values.target.pushUrl | quote }}}
      {{- if and (not $indexed) (gt (int $values.shards.count) 1) }}
      - {name: GITLAB_SYNC_SHARD, value: "{{ int .shard }}/{{ int $values.shards.count }}"}
      {{- end }}
      {{- if $indexed }}
      # The shard's number comes from JOB_COMPLETION_INDEX, which Kubernetes sets.
      - {name: GITLAB_SYNC_SHARDS, value: "{{ int $values.shards.count }}"}
      {{- end }}
      - {name: GITLAB_SYNC_STATE_DIR, value: /var/lib/gitlab-sync/state}
      {{- if $values.report.enabled }}
      - {name: GITLAB_SYNC_REPORT_DIR, value: {{ ternary "/var/lib/gitlab-sync-reports" "/var/lib/gitlab-sync/reports" (ne $values.report.existingClaim "") }}}
      {{- end }}
      {{- if $ssh }}
      - {name: GITLAB_SYNC_SSH_DIR, value: /etc/gitlab-sync/ssh}
      {{- end }}
      {{- if $values.ca.existingConfigMap }}
      - {name: GITLAB_SYNC_CA_FILE, value: /etc/gitlab-sync/ca/{{ $values.ca.key }}}
      {{- end }}
      - {name: GITLAB_SYNC_LOG_FORMAT, value: json}
      # The image names a file; here standard error is collected.
      - {name: GITLAB_SYNC_LOG_FILE, value: ""}
      {{- range $variable, $key := dict "GITLAB_SYNC_NOTIFY_WEBHOOK" "notify-webhook" "GITLAB_SYNC_NOTIFY_SECRET" "notify-secret" "GITLAB_SYNC_PING_URL" "ping-url" }}
      - name: {{ $variable }}
        valueFrom:
          secretKeyRef: {name: {{ $credentials }}, key: {{ $key }}, optional: true}
      {{- end }}
      {{- range $variable, $value := $values.settings }}
      - {name: {{ $variable }}, value: {{ $value | quote }}}
      {{- end }}
      {{- with $values.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    resources: {{- toYaml $values.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    volumeMounts:
      - name: state
        mountPath: /var/lib/gitlab-sync
        {{- if $indexed }}
        subPathExpr: shard-$(JOB_COMPLETION_INDEX)
        {{- end }}
      {{- if and $values.report.enabled $values.report.existingClaim }}
      - name: reports
        mountPath: /var/lib/gitlab-sync-reports
        {{- if $indexed }}
        subPathExpr: shard-$(JOB_COMPLETION_INDEX)
        {{- else if .shard }}
        subPath: shard-{{ int .shard }}
        {{- end }}
      {{- end }}
      - {name: credentials, mountPath: /run/secrets/gitlab-sync, readOnly: true}
      {{- if $ssh }}
      - {name: ssh, mountPath: /etc/gitlab-sync/ssh, readOnly: true}
      {{- end }}
      {{- if $values.ca.existingConfigMap }}
      - {name: ca, mountPath: /etc/gitlab-sync/ca, readOnly: true}
      {{- end }}
      - {name: tmp, mountPath: /tmp}
volumes:
  - name: state
    persistentVolumeClaim: {claimName: {{ .claim }}}
  {{- if and $values.report.enabled $values.report.existingClaim }}
  - name: reports
    persistentVolumeClaim: {claimName: {{ $values.report.existingClaim }}}
  {{- end }}
  - name: credentials
    secret:
      secretName: {{ $credentials }}
      defaultMode: 0440
      items:
        - {key: source-token, path: source-token}
        - {key: target-token, path: target-token}
  {{- if $ssh }}
  # Owned by root and readable by the group: OpenSSH wants 0600 of a key only from its owner.
  - name: ssh
    secret: {secretName: {{ $ssh }}, defaultMode: 0440}
  {{- end }}
  {{- if $values.ca.existingConfigMap }}
  - name: ca
    configMap: {name: {{ $values.ca.existingConfigMap }}}
  {{- end }}
  - name: tmp
    emptyDir: {}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
