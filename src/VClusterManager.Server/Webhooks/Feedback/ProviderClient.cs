using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.Feedback;

/// <summary>JSON over HTTP to a provider's API; what is not as it should be is a <see cref="ProviderException"/>.</summary>
internal sealed class ProviderClient(IHttpClientFactory clients, ProviderApiOptions options, string name)
{
    private const int MaxAnswer = 8 * 1024 * 1024;

    /// <param name="path">Below the address of the API, with everything in it escaped.</param>
    /// <param name="visit">Reads the answer, which is there until it returns.</param>
    /// <returns>What it returned; the default where there is nothing there (404).</returns>
    public async Task<T?> SendAsync<T>(
        HttpMethod method,
        string path,
        JsonObject? body,
        Func<Payload, T?> visit,
        CancellationToken cancellation
    )
    {
        using HttpRequestMessage request = new(method, new Uri(options.Address!, path));
        request.Headers.Authorization = options.User is { } user
            ? new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Token}"))
            )
            : new AuthenticationHeaderValue("Bearer", options.Token);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("vcluster-manager", null));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = body is null
            ? null
            : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var client = clients.CreateClient(name);
            client.MaxResponseContentBufferSize = MaxAnswer;
            using var response = await client.SendAsync(request, cancellation);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return default;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Failed(method, path, response, answer);
            }

            if (!Payload.TryRead(answer.Length == 0 ? "null"u8.ToArray() : answer, out var payload, out var document))
            {
                throw new ProviderException($"{method} {path} was answered with something that is not JSON.");
            }

            using (document)
            {
                return visit(payload);
            }
        }
        catch (Exception e) when (IsAway(e) && !cancellation.IsCancellationRequested)
        {
            throw new ProviderException($"{method} {path} was not answered: {e.Message}", after: null, e)
            {
                IsForAll = true,
            };
        }
    }

    /// <summary>A part of a path: whatever it holds, it stays one part.</summary>
    public static string Part(string text) => Uri.EscapeDataString(text);

    /// <summary>Nobody has answered, or not to the end.</summary>
    public static bool IsAway(Exception e) =>
        e is HttpRequestException or IOException or Polly.ExecutionRejectedException or OperationCanceledException;

    private static bool IsUsedUp(HttpResponseMessage response) =>
        ((string[])["RateLimit-Remaining", "X-RateLimit-Remaining"]).Any(name =>
            response.Headers.TryGetValues(name, out var values) && values.First() == "0"
        );

    private static ProviderException Failed(HttpMethod method, string path, HttpResponseMessage response, byte[] answer)
    {
        var status = (int)response.StatusCode;
        var after = RetryAfter(response);
        var words = Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 200)));
        return new ProviderException(
            $"{method} {path} was answered with {status}: {words.ReplaceLineEndings(" ")}",
            after
        )
        {
            // Said of the request itself: it would be said of the same one again.
            IsFinal = status is 400 or 422,
            IsForAll = ProviderException.IsSaidForAll(status, after is not null || IsUsedUp(response)),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is { Delta: { } delta })
        {
            return delta;
        }

        // GitLab and Bitbucket tell when the count begins anew, in seconds since 1970.
        return
            response.StatusCode == HttpStatusCode.TooManyRequests
            && response.Headers.TryGetValues("RateLimit-Reset", out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && response.Headers.Date is { } now
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) - now
            : null;
    }
}
