namespace VClusterManager.Server.Http.OpenApi;

/// <summary>
/// The verb <c>openapi FILE</c>: writes the description of the API, as a server serves it, without starting one. Run in
/// the repository after a route was changed; anywhere else it gives the description of the version at hand.
/// </summary>
internal static class ApiDocumentFile
{
    public const string Verb = "openapi";

    /// <summary>Where the repository keeps it.</summary>
    public const string Place = "docs/openapi.json";

    /// <param name="args">What follows the verb.</param>
    /// <param name="build">A server that is not started.</param>
    /// <returns>The exit code: 0, or 2 when it was called wrongly.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        Func<WebApplication> build,
        TextWriter output,
        TextWriter error
    )
    {
        if (args is not [[not '-', ..] file])
        {
            await error.WriteLineAsync($"usage: vcluster-manager {Verb} FILE");
            return 2;
        }

        await using var app = build();
        await File.WriteAllBytesAsync(file, await DescribeAsync(app));
        await output.WriteLineAsync(file);
        return 0;
    }

    /// <param name="app">Need not be started.</param>
    public static Task<byte[]> DescribeAsync(WebApplication app)
    {
        // Otherwise the routes are handed to the framework only as the server starts.
        app.UseEndpoints(_ => { });
        return app.Services.GetRequiredService<ApiDocument>().ReadAsync();
    }
}
