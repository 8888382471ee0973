using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Observability;

/// <summary>What a real server writes, in both formats.</summary>
public sealed class LogTests(HostFixture fixture) : EndToEndTest(fixture), IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    public async Task The_lines_of_a_run_carry_its_operation_its_cluster_and_its_trace(string format)
    {
        var server = await Fixture.StartServerAsync(("LOG_FORMAT", format), ("DEBUG", "true"));
        var name = $"logged-{format}";

        var created = await server.Api.CreateAsync(new ClusterCreate { Name = name }, Wait);

        created.Status.ShouldBe(ClusterStatus.Running);
        var operations = await server.SendAsync(HttpMethod.Get, "/api/operations");
        var operation = (string)operations.Body!["operations"]![0]!["id"]!;
        await Eventually.SeesAsync(
            "the end of the operation is in the log",
            () => Task.FromResult(Lines(server)),
            lines => lines.Any(line => line.Contains("has succeeded") && line.Contains(operation))
        );
        var run = Lines(server).Where(line => line.Contains(operation)).ToList();
        run.ShouldAllBe(line => line.Contains($"vcluster-{name}/{name}"));
        run.ShouldContain(line => line.Contains("asked for begins"));
        if (format == "json")
        {
            foreach (var line in Lines(server))
            {
                var json = JsonNode.Parse(line)!.AsObject();
                ((string)json["time"]!).ShouldEndWith("Z");
                json["message"].ShouldNotBeNull();
            }

            var ids = run.Select(line => JsonNode.Parse(line)!).ToList();
            ids.ShouldAllBe(line => (string)line["operation_id"]! == operation);
            ids.Select(line => (string)line["trace_id"]!).Distinct().ShouldHaveSingleItem().Length.ShouldBe(32);
            ids.ShouldAllBe(line => (long)line["claim_epoch"]! > 0);
        }

        server.Output.ShouldNotContain(server.AdminKey);
        await server.StopAsync();
    }

    /// <summary>Whole lines of standard output: the last one may still be on its way.</summary>
    private static string[] Lines(ServerProcess server) =>
        server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
