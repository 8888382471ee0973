namespace VClusterManager.Server.Configuration;

/// <summary>How it is seen from outside what the server does.</summary>
internal sealed record ObservabilityOptions
{
    public const string DefaultServiceName = "vcluster-manager";

    public LogFormat LogFormat { get; init; }

    /// <summary>What this server is called in traces and metrics.</summary>
    public string ServiceName { get; init; } = DefaultServiceName;

    /// <summary><see langword="null"/>: nothing is traced.</summary>
    public OtlpOptions? Otlp { get; init; }
}

/// <summary>Where traces are sent to.</summary>
internal sealed record OtlpOptions
{
    /// <summary>Without the path of the signal.</summary>
    public required Uri Endpoint { get; init; }

    public required OtlpProtocol Protocol { get; init; }

    /// <summary>As OpenTelemetry's variable writes them; <see langword="null"/>: none. Secret.</summary>
    public required string? Headers { get; init; }

    public required int SampledPercent { get; init; }

    /// <summary>A record prints its members, and these hold secrets.</summary>
    public override string ToString() => $"{nameof(OtlpOptions)} {{ Endpoint = {Endpoint} }}";
}

internal enum OtlpProtocol
{
    HttpProtobuf,
    Grpc,
}

internal enum LogFormat
{
    Console,
    Json,
}
