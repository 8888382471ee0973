{{/* What everything is called: the release, with the chart's name unless it is in there already. */}}
{{- define "vcluster-manager.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* By which its pods are known. */}}
{{- define "vcluster-manager.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "vcluster-manager.labels" -}}
{{ include "vcluster-manager.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "vcluster-manager.image" -}}
{{- $repository := required "image.repository is empty: name the image in your registry (docs/install.md says how it is built)." .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "vcluster-manager.secret" -}}
{{- .Values.secret.existing | default (include "vcluster-manager.name" .) -}}
{{- end -}}

{{/* The label that what this instance has made carries. */}}
{{- define "vcluster-manager.instance" -}}
{{- dig "server" "instance" "default" .Values.config -}}
{{- end -}}

{{- define "vcluster-manager.config" -}}
{{- $config := dict -}}
{{- if .Values.endpoints.shipped -}}
{{- $_ := set $config "dynamic_endpoints" (dict "config_path" "/app/config/endpoints.yaml") -}}
{{- end -}}
{{- if ne .Values.leaseNamespace "default" -}}
{{- $_ := set $config "kubernetes" (dict "lease_namespace" .Values.leaseNamespace) -}}
{{- end -}}
{{- mergeOverwrite $config (deepCopy .Values.config) | toYaml -}}
{{- end -}}
