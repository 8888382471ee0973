namespace VClusterManager.Server.VCluster;

/// <summary>Which tools were found, and their versions. Looked for at start, and again now and then while one is missing.</summary>
internal sealed class ToolState
{
    private volatile ToolReport _report = new(null, null, null, []);

    public ToolReport Report => _report;

    internal void Set(ToolReport report) => _report = report;
}

/// <param name="Problems">What is wrong, in words for people; empty when all is well.</param>
internal sealed record ToolReport(
    string? VClusterVersion,
    string? HelmVersion,
    string? KubectlVersion,
    IReadOnlyList<string> Problems
);
