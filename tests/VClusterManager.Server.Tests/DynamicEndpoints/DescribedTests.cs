using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>What is said of the endpoints: in their list, in the description of the API, and of a file that is only checked.</summary>
public sealed class DescribedTests(DynamicHost host) : IClassFixture<DynamicHost>
{
    [Fact]
    public async Task The_list_tells_what_an_endpoint_takes()
    {
        var list = (await host.Viewer.GetAsync("/api/dynamic")).ShouldBe(200).Json["endpoints"]!.AsArray();

        list.Select(e => e.Text("role")).Distinct().ShouldBe(["viewer"], "those of editors are not for viewers");
        var rollout = list.Single(e => e.Text("name") == "rollout-status")!.AsObject();
        rollout.Select(m => m.Key).ShouldBe(["name", "method", "path", "description", "role", "parameters"]);
        rollout.Text("path").ShouldBe("/namespaces/{namespace}/rollouts/{kind}/{name}");
        var kind = rollout["parameters"]![1]!;
        (kind.Text("name"), kind.Text("in"), kind.Text("type")).ShouldBe(("kind", "path", "enum"));
        kind["enum"]!.AsArray().Count.ShouldBe(3);
        kind["required"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task The_description_of_the_API_has_them_with_their_parameters()
    {
        var document = (await host.Anonymous.GetAsync("/openapi/v1.json")).ShouldBe(200).Json;

        var logs = document["paths"]!["/api/dynamic/namespaces/{namespace}/pods/{pod}/logs"]!["get"]!;
        logs["parameters"]!
            .AsArray()
            .Select(p => p.Text("name"))
            .ShouldBe(["namespace", "pod", "container", "tail", "follow", "previous"]);
        var tail = logs["parameters"]![3]!;
        tail.Text("description").ShouldBe("So many of the last lines.");
        (tail["schema"].Text("type"), tail["schema"].Number("minimum"), tail["schema"].Number("default")).ShouldBe(
            ("integer", 1, 200)
        );
        logs.Text("description").ShouldContain("Needs the role `editor`.");
        logs["responses"]!
            .AsObject()
            .Select(r => r.Key)
            .ShouldBe(["200", "401", "403", "404", "422", "429", "500", "502", "503", "504"]);
        document["paths"]!["/api/dynamic/clusters/{cluster}/apply"]!["post"]!["requestBody"].ShouldNotBeNull();
        document["paths"]!
            .AsObject()
            .Where(p => p.Key.StartsWith("/api/dynamic/", StringComparison.Ordinal))
            .ShouldAllBe(p => !p.Value!.ToJsonString(null).Contains("--namespace=")); // commands are nobody's business
    }

    [Fact]
    public async Task The_linter_has_nothing_to_say_of_them()
    {
        var file = Path.Combine(host.Folder, "openapi.json");
        await File.WriteAllBytesAsync(file, await host.Services.GetRequiredService<ApiDocument>().ReadAsync());

        var (code, said) = await SpectralTests.LintAsync(file);

        said.ShouldContain("No results");
        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task A_file_is_checked_without_being_used()
    {
        const string Path = "/api/dynamic:validate";
        var before = (await host.Admin.GetAsync("/api/dynamic")).Text;

        var good = await SendAsync(EndpointFiles.With("path: /checked"));
        var bad = await SendAsync(EndpointFiles.With("args: [exec, x]\ncolour: red"));

        good.ShouldBe(200).Json["endpoints"]![0].Text("path").ShouldBe("/checked");
        bad.ShouldBeProblem(422);
        bad.Json["errors"]!
            .AsObject()
            .Select(e => (e.Key, e.Value![0]!.GetValue<string>()[..7]))
            .ShouldBe([("endpoints[0].args[0]", "line 6:"), ("endpoints[0].colour", "line 7:")]);
        (await SendAsync("a: [")).ShouldBeInvalid("file");
        (await host.Admin.GetAsync("/api/dynamic")).Text.ShouldBe(before);
        (await host.Admin.GetAsync("/api/dynamic/checked")).ShouldBeProblem(404);
        (await host.Editor.SendAsync("POST", Path, "")).ShouldBeProblem(403);

        Task<Answer> SendAsync(string yaml) =>
            host.Admin.SendContentAsync("POST", Path, new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(yaml)));
    }

    [Fact]
    public async Task Info_says_that_they_are_served() =>
        (await host.Anonymous.GetAsync("/api/info")).Json["dynamic_endpoints_enabled"]!.GetValue<bool>().ShouldBeTrue();
}
