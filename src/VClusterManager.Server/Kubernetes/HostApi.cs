using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Requests to the host's API and what they come to.</summary>
internal sealed class HostApi(HostConnection connection, TimeProvider time)
{
    private const string Metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";
    private const string MetadataList =
        "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

    /// <summary>For the whole of a read or write, and for each page of a list; watches and logs have none.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public Task<HostAnswer<T>> GetAsync<T>(string path, Func<JsonElement, T> project, CancellationToken cancellation) =>
        AnswerAsync(limited => ReadAsync(path, project, limited), cancellation);

    public Task<HostAnswer<IReadOnlyList<T>>> ListAsync<T>(
        HostQuery query,
        Func<JsonElement, T> project,
        CancellationToken cancellation
    ) =>
        AnswerListsAsync<IReadOnlyList<T>>(
            async () =>
            {
                var items = new List<T>();
                await ListPagesAsync(query, item => items.Add(project(item)), cancellation, Timeout);
                return items;
            },
            cancellation
        );

    /// <summary>Reads one object, or its metadata alone: the content of a secret then never leaves the host.</summary>
    /// <exception cref="HostException">It could not be read, or is not there.</exception>
    public async Task<T> ReadAsync<T>(
        string path,
        Func<JsonElement, T> project,
        CancellationToken cancellation,
        bool metadataOnly = false
    )
    {
        using var document = await ReadDocumentAsync(path, metadataOnly ? Metadata : "application/json", cancellation);
        return project(document.RootElement);
    }

    /// <summary>Lists page by page, and gives the version that the list is of.</summary>
    /// <param name="pageLimit">How long a page may take; <see langword="null"/>: the caller sees to it.</param>
    /// <exception cref="HostException">A page could not be read: what was told of until then is no list.</exception>
    public async Task<string> ListPagesAsync(
        HostQuery query,
        Action<JsonElement> onItem,
        CancellationToken cancellation,
        TimeSpan? pageLimit = null
    )
    {
        var accept = query.MetadataOnly ? MetadataList : "application/json";
        var version = "";
        string? next = null;
        do
        {
            var path = query.Page(next);
            using var page = pageLimit is { } limit
                ? await LimitedAsync(limited => ReadDocumentAsync(path, accept, limited), limit, cancellation)
                : await ReadDocumentAsync(path, accept, cancellation);
            var list = page.RootElement;
            var metadata = list.GetProperty("metadata");
            version = metadata.GetProperty("resourceVersion").GetString() ?? "";
            next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            if (list.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in items.EnumerateArray())
                    onItem(item);
            }
        } while (!string.IsNullOrEmpty(next));

        return version;
    }

    /// <summary>Opens a watch from a version on; the events follow in the answer's body.</summary>
    public Task<HttpResponseMessage> WatchAsync(
        HostQuery query,
        string version,
        int seconds,
        CancellationToken cancellation
    ) => OpenAsync(query.Watch(version, seconds), query.MetadataOnly ? Metadata : "application/json", cancellation);

    /// <summary>Opens a GET whose body is read by the caller.</summary>
    /// <exception cref="HostException">It was not answered, or not with success.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, string accept, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        foreach (var type in accept.Split(','))
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
        var response = await connection.SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await HostException.FromAsync(response, cancellation);
    }

    public async Task<HostWrite> WriteAsync(
        HttpMethod method,
        string path,
        JsonObject body,
        CancellationToken cancellation
    )
    {
        var type = method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json";
        try
        {
            return await LimitedAsync<HostWrite>(
                async limited =>
                {
                    using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
                    request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
                    using var response = await connection.SendAsync(request, limited);
                    return response.IsSuccessStatusCode
                        ? new HostWrite.Done()
                        : Outcome(await HostException.FromAsync(response, limited));
                },
                Timeout,
                cancellation
            );
        }
        catch (HostException e)
        {
            return new HostWrite.Unreachable(e.Message);
        }
    }

    /// <summary>Puts a question that is asked by creating it, such as a review of rights: nothing is kept of it.</summary>
    public Task<HostAnswer<T>> AskAsync<T>(
        string path,
        JsonObject question,
        Func<JsonElement, T> project,
        CancellationToken cancellation
    ) =>
        AnswerAsync(
            async limited =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
                request.Content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json");
                using var response = await connection.SendAsync(request, limited);
                if (!response.IsSuccessStatusCode)
                    throw await HostException.FromAsync(response, limited);
                await using var body = await response.Content.ReadAsStreamAsync(limited);
                using var document = await JsonDocument.ParseAsync(body, cancellationToken: limited);
                return project(document.RootElement);
            },
            cancellation
        );

    /// <summary>Runs a read within its time and turns what went wrong into an answer.</summary>
    public Task<HostAnswer<T>> AnswerAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        AnswerAsync(read, Timeout, cancellation);

    /// <summary>
    /// Runs a read of lists, each page within its time, and turns what went wrong into an answer: of a large host all pages
    /// together take longer than any one answer may.
    /// </summary>
    public Task<HostAnswer<T>> AnswerListsAsync<T>(Func<Task<T>> read, CancellationToken cancellation) =>
        AnswerAsync(_ => read(), System.Threading.Timeout.InfiniteTimeSpan, cancellation);

    private async Task<HostAnswer<T>> AnswerAsync<T>(
        Func<CancellationToken, Task<T>> read,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        try
        {
            return new HostAnswer<T>.Found(await LimitedAsync(read, limit, cancellation));
        }
        catch (HostException e) when (e.IsMissing)
        {
            return new HostAnswer<T>.Missing();
        }
        catch (HostException e)
        {
            return new HostAnswer<T>.Unreadable(e.Message, Forbidden: e.Status == HttpStatusCode.Forbidden)
            {
                Garbled = e.IsGarbled,
            };
        }
    }

    private static HostWrite Outcome(HostException e) =>
        e.Status switch
        {
            _ when e.IsMissing => new HostWrite.Missing(),
            HttpStatusCode.Conflict => new HostWrite.Conflict(e.Message),
            _ when e.IsRefusal && e.Status != HttpStatusCode.NotFound => new HostWrite.Refused(e.Message),
            _ => new HostWrite.Unreachable(e.Message),
        };

    private async Task<JsonDocument> ReadDocumentAsync(string path, string accept, CancellationToken cancellation)
    {
        using var response = await OpenAsync(path, accept, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
    }

    private async Task<T> LimitedAsync<T>(
        Func<CancellationToken, Task<T>> work,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new HostException($"the host's API did not answer within {seconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw HostException.From(e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HostException($"the host's API gave an answer that cannot be read: {e.Message}", null, e);
        }
    }
}
