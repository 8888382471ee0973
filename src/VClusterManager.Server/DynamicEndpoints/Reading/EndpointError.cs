namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>One thing that is wrong with a file of endpoints.</summary>
/// <param name="Line">From 1; <see langword="null"/>: the file as a whole.</param>
/// <param name="Key">Where it is written: <c>endpoints[2].args[0]</c>; empty: the file as a whole.</param>
internal sealed record EndpointError(int? Line, string Key, string Message)
{
    /// <summary><c>/etc/vcm/endpoints.yaml:12: endpoints[2].args[0]: may not be --token</c></summary>
    public string In(string file) => $"{file}{(Line is null ? "" : $":{Line}")}: {Words}";

    public string Words => Key.Length == 0 ? Message : $"{Key}: {Message}";
}

/// <summary>What became of reading a file of endpoints.</summary>
internal abstract record EndpointsResult
{
    private EndpointsResult() { }

    public sealed record Valid(IReadOnlyList<Definitions.EndpointDefinition> Endpoints) : EndpointsResult;

    /// <param name="Errors">All of them, in the order of the file.</param>
    public sealed record Invalid(IReadOnlyList<EndpointError> Errors) : EndpointsResult;
}
