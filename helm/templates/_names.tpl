{{- define "millrace.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: millrace
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "millrace.selector" -}}
app.kubernetes.io/name: millrace
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "millrace.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "millrace.kafkaSecret" -}}
{{- if .Values.kafka.secret }}{{ .Values.kafka.secret }}{{ else if .Values.kafka.properties }}{{ .Release.Name }}-kafka{{ end }}
{{- end }}

{{- /* What every container has: who it is, and how it reaches the event store. */}}
{{- define "millrace.environment" -}}
- name: MILLRACE_REPLICA
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: MILLRACE_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: MILLRACE_WORKERS_NAMESPACE
  value: {{ .Values.workers.namespace | quote }}
- name: QUARKUS_HTTP_HOST
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
{{ include "millrace.eventStore" . }}
{{- end }}

{{- define "millrace.eventStore" -}}
- name: MILLRACE_KAFKA_BOOTSTRAP_SERVERS
  value: {{ .Values.kafka.bootstrapServers | quote }}
{{- if include "millrace.kafkaSecret" . }}
- name: MILLRACE_KAFKA_PROPERTIES
  value: /etc/millrace/kafka/kafka.properties
{{- end }}
{{- end }}

{{- define "millrace.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "millrace.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "millrace.probes" -}}
startupProbe:
  httpGet: {path: /q/health/started, port: http}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /q/health/live, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /q/health/ready, port: http}
  periodSeconds: 2
  timeoutSeconds: 2
{{- end }}

{{- define "millrace.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if include "millrace.kafkaSecret" . }}
- {name: kafka, mountPath: /etc/millrace/kafka, readOnly: true}
{{- end }}
{{- end }}

{{- define "millrace.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if include "millrace.kafkaSecret" . }}
- name: kafka
  secret: {secretName: {{ include "millrace.kafkaSecret" . }}}
{{- end }}
{{- end }}
