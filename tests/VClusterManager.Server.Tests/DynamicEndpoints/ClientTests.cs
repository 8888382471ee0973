using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Client;
using VClusterManager.Contracts;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>The endpoints as somebody who writes C# has them.</summary>
public sealed class ClientTests(CallHost host) : IClassFixture<CallHost>, IDisposable
{
    private readonly HttpClient _http = new();
    private VClusterManagerClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private VClusterManagerClient Client =>
        _client ??= VClusterManagerClient.WithApiKey(_http, host.Address, ManagerHost.KeyOf("admin"));

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_listed_endpoint_is_called_with_its_parameters_wherever_it_takes_them()
    {
        var hostile = "a/b?c=d&e%2F +#\"ü";

        var inPath = await Client.CallAsync(
            DynamicCall.Of(
                await ListedAsync("dump"),
                new JsonObject
                {
                    ["segment"] = hostile,
                    ["flag"] = hostile,
                    ["word"] = hostile,
                }
            ),
            Cancellation
        );
        var inBody = await Client.CallAsync(
            DynamicCall.Of(
                await ListedAsync("dump-body"),
                new JsonObject
                {
                    ["flag"] = hostile,
                    ["word"] = "w",
                    ["many"] = new JsonArray("x", hostile),
                }
            ),
            Cancellation
        );
        var input = await Client.CallAsync(DynamicCall.Of(await ListedAsync("stdin"), input: hostile), Cancellation);

        inPath.ShouldBe($"{hostile}\0--flag={hostile}\0{hostile}\0");
        inBody.ShouldBe($"--flag={hostile}\0w\0x\0{hostile}\0");
        input.ShouldBe(hostile);
    }

    [Fact]
    public async Task An_answer_is_text_or_JSON_or_comes_as_it_is_said()
    {
        var json = new DynamicCall
        {
            Method = "GET",
            Path = "/json",
            Parameters = new JsonObject { ["text"] = "{\"a\":[1]}" },
        };
        (await Client.CallAsync(json, Cancellation)).ShouldBe("{\"a\":[1]}");
        (await Client.CallJsonAsync(json, Cancellation))!["a"]![0]!.GetValue<int>().ShouldBe(1);

        var folder = host.NewFolder();
        var lines = DynamicCall.Of(await ListedAsync("lines"), new JsonObject { ["folder"] = folder });
        await using var stream = await Client.OpenAsync(lines, Cancellation);
        using StreamReader reader = new(stream);
        (await reader.ReadLineAsync(Cancellation)).ShouldBe("first");
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "", Cancellation);
        (await reader.ReadToEndAsync(Cancellation)).ShouldBe("second\nlast");
    }

    [Fact]
    public async Task A_refusal_says_why_and_which_field()
    {
        var refused = await Should.ThrowAsync<ProblemException>(async () =>
            await Client.CallAsync(
                new DynamicCall
                {
                    Method = "GET",
                    Path = "/json",
                    Parameters = new JsonObject { ["text"] = "x", ["txt"] = 5 },
                },
                Cancellation
            )
        );
        var failed = await Should.ThrowAsync<ProblemException>(async () =>
            await Client.OpenAsync(new DynamicCall { Method = "GET", Path = "/fail-stream" }, Cancellation)
        );

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Errors!.Keys.ShouldBe(["txt"]);
        failed.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_is_checked_and_its_errors_have_lines()
    {
        var good = await Client.ValidateDynamicEndpointsAsync(EndpointFiles.With("path: /new"), Cancellation);
        var wrong = await Should.ThrowAsync<ProblemException>(() =>
            Client.ValidateDynamicEndpointsAsync(EndpointFiles.With("colour: red"), Cancellation)
        );

        good.Endpoints.ShouldHaveSingleItem().Path.ShouldBe("/new");
        wrong.Errors!["endpoints[0].colour"].ShouldHaveSingleItem().ShouldStartWith("line 7: ");
        (await Client.DynamicEndpointsAsync(Cancellation)).Endpoints.ShouldNotContain(e => e.Path == "/new");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_call_does_not_go_elsewhere_by_what_is_in_its_path(string segment)
    {
        var call = DynamicCall.Of(await ListedAsync("dump"), new JsonObject { ["segment"] = segment });

        await Should.ThrowAsync<InvalidOperationException>(() => Client.CallAsync(call, Cancellation));
    }

    private async Task<DynamicEndpoint> ListedAsync(string name) =>
        (await Client.DynamicEndpointsAsync(Cancellation)).Endpoints.Single(e => e.Name == name);
}
