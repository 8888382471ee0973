namespace VClusterManager.Sandbox.Authentication;

/// <summary>Who sent a request.</summary>
internal sealed record Identity(string User, IReadOnlyList<string> Groups, string Uid = "")
{
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";

    public static readonly Identity Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>What else is known, such as the id of the credential.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    public bool IsMaster => Groups.Contains(Masters);
}
