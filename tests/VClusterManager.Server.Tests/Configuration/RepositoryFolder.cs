namespace VClusterManager.Server.Tests.Configuration;

/// <summary>The folder that the solution lies in, found upwards from the test program.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "VClusterManager.slnx"))
            ? folder
            : Find(
                System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.")
            );
}
