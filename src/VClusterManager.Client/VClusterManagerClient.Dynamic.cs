using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Contracts;

namespace VClusterManager.Client;

/// <content>Endpoints that the operator of the server has written.</content>
public sealed partial class VClusterManagerClient
{
    /// <summary>Gets the dynamic endpoints that the caller may call.</summary>
    /// <exception cref="ProblemException">The server refused.</exception>
    public Task<DynamicEndpointList> DynamicEndpointsAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Get, "api/dynamic", null, null, Json.DynamicEndpointList, cancellation);

    /// <summary>Checks a file of dynamic endpoints, which is not used.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <returns>The endpoints that it would make.</returns>
    /// <exception cref="ProblemException">Something is wrong with it: the errors are by key, and have lines.</exception>
    public Task<DynamicEndpointList> ValidateDynamicEndpointsAsync(
        string yaml,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            HttpMethod.Post,
            "api/dynamic:validate",
            new StringContent(yaml, Encoding.UTF8, "application/yaml"),
            null,
            Json.DynamicEndpointList,
            cancellation
        );

    /// <summary>Calls a dynamic endpoint, and gets what its command has said.</summary>
    /// <exception cref="ProblemException">The server refused, or the command failed.</exception>
    public async Task<string> CallAsync(DynamicCall call, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(call, HttpCompletionOption.ResponseContentRead, cancellation)
            .ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Calls a dynamic endpoint whose command says JSON.</summary>
    /// <returns>What it has said; null where that is <c>null</c>.</returns>
    /// <exception cref="ProblemException">The server refused, or the command failed.</exception>
    /// <exception cref="System.Text.Json.JsonException">The endpoint is none of <c>output: json</c>.</exception>
    public async Task<JsonNode?> CallJsonAsync(DynamicCall call, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(call, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            return await JsonNode.ParseAsync(body, cancellationToken: cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Calls a dynamic endpoint, and gives what its command says as it says it.</summary>
    /// <returns>
    /// To be disposed of, which ends the command. Reading it throws <see cref="IOException"/> where the command failed
    /// after its first line.
    /// </returns>
    /// <exception cref="ProblemException">The server refused, or the command failed before its first line.</exception>
    public async Task<Stream> OpenAsync(DynamicCall call, CancellationToken cancellation = default)
    {
        // The stream has the connection; the answer itself holds nothing else.
        var response = await SendAsync(call, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(
        DynamicCall call,
        HttpCompletionOption completion,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.ToUri());
        request.Content =
            call.Input is { } input ? new StringContent(input)
            : call.Body is { } body ? JsonContent.Create(body, Json.JsonObject)
            : null;
        var response = await http.SendAsync(request, completion, cancellation).ConfigureAwait(false);
        try
        {
            await EnsureAsync(response, cancellation).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
