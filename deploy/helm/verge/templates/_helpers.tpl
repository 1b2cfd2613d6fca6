{{- define "verge.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "verge.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "verge.labels" -}}
{{ include "verge.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "verge.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Of a pod: nobody's rights, and the runtime's own filter of system calls, under which function hosts put theirs. */}}
{{- define "verge.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "verge.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Settings of the control plane: what the chart decides, and above it what values say. */}}
{{- define "verge.controlPlaneConfig" -}}
{{- $made := dict
  "listen" "0.0.0.0:8900"
  "data" "/var/lib/verge/control-plane"
  "adminTokenFile" "/var/lib/verge/admin-token"
  "secretKeyFile" "/etc/verge-secret-key/secret-key"
  "store" (dict "url" .Values.controlPlane.database.url "user" .Values.controlPlane.database.user "passwordFile" "/etc/verge-database/password")
  "tls" (dict "certificateFile" "/etc/verge-tls/tls.crt" "keyFile" "/etc/verge-tls/tls.key") -}}
{{- mustMergeOverwrite $made (deepCopy .Values.controlPlane.config) | toYaml -}}
{{- end }}

{{/* Settings that all nodes share; the name comes from the machine. */}}
{{- define "verge.nodeConfig" -}}
{{- $urls := .Values.nodes.controlPlaneUrls | default (list (printf "https://%s-control-plane.%s.svc:8900" (include "verge.name" .) .Release.Namespace)) -}}
{{- $link := dict "urls" $urls "tokenFile" "/var/lib/verge-tokens/token" -}}
{{- with .Values.nodes.fingerprint }}{{- $_ := set $link "fingerprint" . }}{{- end }}
{{- with .Values.nodes.signingKey }}{{- $_ := set $link "signingKey" . }}{{- end }}
{{- $ports := dict }}
{{- if .Values.nodes.hostPorts.http }}{{- $_ := set $ports "http" (int .Values.nodes.hostPorts.http) }}{{- end }}
{{- if .Values.nodes.hostPorts.https }}{{- $_ := set $ports "https" (int .Values.nodes.hostPorts.https) }}{{- end }}
{{- $made := dict
  "node" "set-by-the-machine"
  "http" (dict "listen" "0.0.0.0:8080")
  "https" (dict "listen" "0.0.0.0:8443")
  "health" (dict "listen" "0.0.0.0:9101")
  "controlPlane" $link
  "data" "/var/lib/verge/node"
  "cache" .Values.nodes.cache
  "functions" .Values.nodes.functions
  "networks" .Values.nodes.networks
  "publicPorts" $ports
  "limits" (dict "drain" (printf "%ds" (int .Values.nodes.drainSeconds))) -}}
{{- mustMergeOverwrite $made (deepCopy .Values.nodes.config) | toYaml -}}
{{- end }}
