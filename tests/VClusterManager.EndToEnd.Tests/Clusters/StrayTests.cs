using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Clusters;

/// <summary>A run of the CLI that outlives its time.</summary>
public sealed class StrayTests(ServerFixture fixture) : ServerTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_create_that_waited_for_a_terminating_namespace_does_not_bring_a_deleted_cluster_back()
    {
        var before = await HostInventory.TakeAsync(Host);
        var place = await RunningAsync(Server, "revenant");
        var id = (await Server.Api.GetAsync(place.Name)).Id;
        var values = await ValuesAsync(place);
        // Nobody's, and held: the namespace goes, and stays a while.
        await Host.RunAsync("create", "-f", await FileAsync("held.json", Held(place)));

        var delete = await Server.Api.DeleteAsync(place.Name);
        await Eventually.SeesAsync(
            "the namespace is on its way out",
            () => Host.JsonAsync("get", "namespace", place.Namespace),
            home => home["metadata"]!["deletionTimestamp"] is not null
        );
        // As the server runs it.
        var stray = Fixture.Sandbox.VClusterAsync(
            "create",
            place.Name,
            "--namespace",
            place.Namespace,
            "--connect=false",
            "--add=false",
            "--create-namespace=false",
            "--values",
            await FileAsync("values.yaml", values)
        );
        await Host.RunAsync(
            "patch",
            "limitrange",
            "held",
            "-n",
            place.Namespace,
            "--type=merge",
            "-p",
            """{"metadata":{"finalizers":null}}"""
        );

        (await EndsAsync(Server, delete.Id)).State.ShouldBe(OperationState.Succeeded);
        await stray;
        (await Control.CreatesAsync(place)).ShouldBe(2, "the stray run has installed it");
        await Eventually.SeesAsync(
            "the delete was opened again and has ended",
            () => Server.Api.HistoryAsync(place.Name),
            history =>
                history.History.Any(entry => entry.Reason == "Stray")
                && history.History.All(entry => entry.Operation?.State is null or not OperationState.Running)
        );
        await IsGoneAsync(Server, place);

        await HostInventory.ShouldBeBackAsync(Host, before);
        var told = await Server.Api.HistoryAsync(place.Name);
        told.History.Count(entry => entry.Operation?.Kind == OperationKind.Delete).ShouldBe(2);
        told.History.Where(entry => entry.Operation is not null).ShouldAllBe(entry => entry.Operation!.ClusterId == id);
        var orphans = await Server.SendAsync(HttpMethod.Get, "/api/orphans");
        orphans.Status.ShouldBe(HttpStatusCode.OK);
        orphans.Body!["total"]!.GetValue<int>().ShouldBe(0);
    }

    /// <summary>The values that the server gave, as the release keeps them.</summary>
    private async Task<string> ValuesAsync(ClusterPlace place)
    {
        var secret = await Host.JsonAsync(
            "get",
            "secret",
            $"sh.helm.release.v1.{place.Name}.v1",
            "-n",
            place.Namespace
        );
        var inner = Encoding.ASCII.GetString(Convert.FromBase64String((string)secret["data"]!["release"]!));
        await using var unzipped = new GZipStream(
            new MemoryStream(Convert.FromBase64String(inner)),
            CompressionMode.Decompress
        );
        var release = await JsonNode.ParseAsync(unzipped);
        return release!["config"]!.ToJsonString();
    }

    private static string Held(ClusterPlace place) =>
        $$"""
            {
              "apiVersion": "v1", "kind": "LimitRange",
              "metadata": {"name": "held", "namespace": "{{place.Namespace}}", "finalizers": ["example.com/held"]},
              "spec": {"limits": []}
            }
            """;

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(Fixture.Sandbox.Folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
