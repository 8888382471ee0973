using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.Http;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

/// <summary>An answer that goes on ends with the credential that it was given for.</summary>
public sealed class CredentialEndTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ProbeServer.StartAsync(Map);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_stream_is_cut_when_its_key_ends()
    {
        using var answer = await OpenAsync("/stream", ProbeServer.ExpiringKey);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[16];
        (await body.ReadAsync(buffer, Cancellation)).ShouldBe(5);

        _server.Time.Advance(TimeSpan.FromMinutes(59));
        var rest = body.ReadAsync(buffer, Cancellation).AsTask();
        rest.IsCompleted.ShouldBeFalse();
        _server.Time.Advance(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<IOException>(() => rest.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task A_stream_of_a_key_without_an_end_goes_on()
    {
        using var answer = await OpenAsync("/stream", ProbeServer.ViewerKey);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[16];
        (await body.ReadAsync(buffer, Cancellation)).ShouldBe(5);

        _server.Time.Advance(TimeSpan.FromDays(10));

        body.ReadAsync(buffer, Cancellation).AsTask().IsCompleted.ShouldBeFalse();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> OpenAsync(string path, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("X-API-Key", key);
        return await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/stream", StreamAsync).RequireRole(Role.Viewer).EndsWithCredential();

    private static async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync("first", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
    }
}
