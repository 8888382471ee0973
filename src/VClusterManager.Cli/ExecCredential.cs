using System.Text.Json.Serialization;

namespace VClusterManager.Cli;

/// <summary>What kubectl reads from the program that its kubeconfig names (<c>client.authentication.k8s.io/v1</c>).</summary>
internal sealed record ExecCredential(ExecCredentialStatus Status)
{
    public string Kind { get; init; } = "ExecCredential";

    public string ApiVersion { get; init; } = "client.authentication.k8s.io/v1";
}

/// <param name="Token">Secret.</param>
/// <param name="ExpirationTimestamp">From then on kubectl asks anew.</param>
internal sealed record ExecCredentialStatus(string Token, DateTimeOffset ExpirationTimestamp)
{
    /// <summary>A record prints its members.</summary>
    public override string ToString() => nameof(ExecCredentialStatus);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExecCredential))]
internal sealed partial class CliJson : JsonSerializerContext;
