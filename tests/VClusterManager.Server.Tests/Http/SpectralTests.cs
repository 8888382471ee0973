using System.Diagnostics;
using Shouldly;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

/// <summary>The judgement of the field's own linter; <c>eng/tools.sh</c> brings it in.</summary>
public sealed class SpectralTests
{
    private static string Linter { get; } =
        Path.Combine(RepositoryFolder.Path, ".cache", "tools", "spectral", "node_modules", ".bin", "spectral");

    [Fact]
    public async Task The_linter_has_nothing_to_say_of_the_committed_description()
    {
        var (code, said) = await LintAsync(ApiDocumentFile.Place);

        said.ShouldContain("No results");
        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task The_linter_would_say_something()
    {
        var file = Path.GetTempFileName();
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, ApiDocumentFile.Place));
            await File.WriteAllTextAsync(
                file,
                text.Replace("\"operationId\": \"getMe\",", "", StringComparison.Ordinal)
            );

            var (code, said) = await LintAsync(file);

            said.ShouldContain("operation-operationId");
            code.ShouldNotBe(0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    internal static async Task<(int Code, string Said)> LintAsync(string file)
    {
        File.Exists(Linter).ShouldBeTrue($"{Linter} is missing. Run: ./eng/tools.sh");
        ProcessStartInfo start = new(Linter, ["lint", "--fail-severity", "hint", file])
        {
            WorkingDirectory = RepositoryFolder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var linter = Process.Start(start)!;
        try
        {
            var output = linter.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = linter.StandardError.ReadToEndAsync(limit.Token);
            await linter.WaitForExitAsync(limit.Token);
            return (linter.ExitCode, await output + await errors);
        }
        finally
        {
            linter.Kill(entireProcessTree: true);
        }
    }
}
