using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>How it is seen from outside what the server does.</summary>
internal static class ObservabilitySection
{
    public static readonly KeySection Section = new(
        "observability",
        "How it is seen from outside what the server does. Metrics are at `/metrics`, always."
    );

    public static readonly KeySection LogsSection = new(
        "observability.logs",
        "What the server writes to its standard output."
    );

    public static readonly KeySection OtlpSection = new(
        "observability.otlp",
        "Where traces are sent to, by OTLP: off until an endpoint is named. The standard variables of OpenTelemetry mean the "
            + "same here as everywhere; those that are not named here are not read."
    );

    private static readonly Dictionary<string, LogFormat> Formats = new()
    {
        ["console"] = LogFormat.Console,
        ["json"] = LogFormat.Json,
    };

    private static readonly Dictionary<string, OtlpProtocol> Protocols = new()
    {
        ["http/protobuf"] = OtlpProtocol.HttpProtobuf,
        ["grpc"] = OtlpProtocol.Grpc,
    };

    private static readonly Key<LogFormat> Format = LogsSection.Add(
        new Key<LogFormat>(OneOf(Formats))
        {
            Name = "format",
            Default = "console",
            ShortVariable = "LOG_FORMAT",
            Doc = "`console`: lines for people. `json`: one JSON object for each line, with its fields and ids apart.",
        }
    );

    private static readonly Key<Uri> Endpoint = OtlpSection.Add(
        new Key<Uri>(WebAddress.Base)
        {
            Name = "endpoint",
            DefaultWords = "nothing is traced",
            ShortVariable = "OTEL_EXPORTER_OTLP_ENDPOINT",
            Doc =
                "The address of a collector, such as `http://otel-collector:4318`. Over HTTP, `/v1/traces` is put behind it.",
        }
    );

    private static readonly Key<OtlpProtocol> Protocol = OtlpSection.Add(
        new Key<OtlpProtocol>(OneOf(Protocols))
        {
            Name = "protocol",
            Default = "http/protobuf",
            ShortVariable = "OTEL_EXPORTER_OTLP_PROTOCOL",
            Doc = "What the collector understands at that address: HTTP mostly at port 4318, gRPC at 4317.",
        }
    );

    private static readonly Key<string> Headers = OtlpSection.Add(
        new Key<string>(
            Types.Text(
                "NAME=VALUE, more of them after commas; odd characters are percent-encoded",
                "^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$",
                maxLength: 8192
            )
        )
        {
            Name = "headers",
            ShortVariable = "OTEL_EXPORTER_OTLP_HEADERS",
            Secret = true,
            Doc = "Headers that are sent along, such as `Authorization=Bearer%20...`.",
        }
    );

    private static readonly Key<string> ServiceName = OtlpSection.Add(
        new Key<string>(Types.Text("1 to 255 characters", "^[^\\r\\n]+$", maxLength: 255))
        {
            Name = "service_name",
            Default = ObservabilityOptions.DefaultServiceName,
            ShortVariable = "OTEL_SERVICE_NAME",
            Doc = "What this server is called in traces, and in `target_info` of the metrics.",
        }
    );

    private static readonly Key<int> SampledPercent = OtlpSection.Add(
        new Key<int>(Types.Integer(0, 100))
        {
            Name = "sampled_percent",
            Default = "100",
            Doc =
                "How many of a hundred requests are traced where nobody has decided before. Whoever sends a `traceparent` "
                + "has decided.",
        }
    );

    public static ObservabilityOptions Read(ConfigurationValues values)
    {
        // All of them are read, so that what is wrong with one is said also while nothing is traced.
        var (endpoint, headers) = (values.Find(Endpoint), values.Find(Headers));
        var (protocol, sampled) = (values.Get(Protocol), values.Get(SampledPercent));
        return new()
        {
            LogFormat = values.Get(Format),
            ServiceName = values.Get(ServiceName),
            Otlp = endpoint is null
                ? null
                : new()
                {
                    Endpoint = endpoint,
                    Protocol = protocol,
                    Headers = headers,
                    SampledPercent = sampled,
                },
        };
    }

    private static ScalarType<T> OneOf<T>(Dictionary<string, T> words) =>
        new(
            $"one of {string.Join(", ", words.Keys)}",
            ScalarKinds.Text,
            new() { ["enum"] = new JsonArray([.. words.Keys]) },
            s => Parsed.When(words.TryGetValue(s.Text, out var value), value!)
        );
}
