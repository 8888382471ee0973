using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>What the host lacks for the manager's work is said before somebody needs it.</summary>
public sealed class PreflightTests(RightsHost host) : EndToEndTest(host), IClassFixture<RightsHost>
{
    private const string MissingRight =
        "The service account may not create statefulsets.apps in all namespaces: clusters cannot be created. Apply k8s/rbac.yaml.";

    private const string Default = "storageclass.kubernetes.io/is-default-class";

    [Fact]
    public async Task Readiness_says_what_is_missing_to_callers_with_credentials_until_it_is_there()
    {
        var roles = new[] { await host.RoleAsync(RightsHost.Used), await host.RoleAsync(RightsHost.PassedOn) };
        var right = new HashSet<string> { "create apps/statefulsets" };
        await host.WriteAsync(roles.Select(role => role.Without(right)));
        await Host.RunAsync("annotate", "storageclass", "standard", $"{Default}-");
        var server = await host.StartServerAsync();

        var problems = await SeesAsync(server, told => told.Count(IsOurs) == 2);

        problems.ShouldContain(MissingRight);
        await Eventually.HoldsAsync(
            "it is in the log",
            () => server.Output.Contains("The host has no default StorageClass", StringComparison.Ordinal)
        );
        using var anonymous = new HttpClient();
        (await anonymous.GetStringAsync(new Uri(server.Address, "/readyz"))).ShouldBe("""{"status":"degraded"}""");

        await host.WriteAsync(roles);
        await Host.RunAsync("annotate", "storageclass", "standard", $"{Default}=true");

        await SeesAsync(server, told => !told.Any(IsOurs));
    }

    private static Task<List<string>> SeesAsync(ServerProcess server, Predicate<List<string>> holds) =>
        Eventually.SeesAsync(
            "readiness is as the host is",
            async () =>
            {
                var answer = await server.SendAsync(HttpMethod.Get, "/readyz");
                var problems = answer.Body?["problems"] as JsonArray ?? [];
                return problems.Select(problem => (string)problem!).ToList();
            },
            told => holds(told)
        );

    private static bool IsOurs(string problem) =>
        problem.Contains("service account", StringComparison.Ordinal)
        || problem.Contains("StorageClass", StringComparison.Ordinal);
}
