using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using VClusterManager.Server.Storage;
using WebhookVerdict = VClusterManager.Server.Storage.WebhookVerdict;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>Which deliveries are asked for; what is null narrows nothing.</summary>
/// <param name="PullRequest">By its key, <c>github:acme/shop#12</c>.</param>
internal sealed record DeliveryFilter(string? Provider, string? Event, string? PullRequest, WebhookVerdict? Verdict)
{
    public IQueryable<WebhookDeliveryRow> Of(IQueryable<WebhookDeliveryRow> all)
    {
        all = Provider is null ? all : all.Where(row => row.Provider == Provider);
        all = Event is null ? all : all.Where(row => row.Event == Event);
        all = PullRequest is null ? all : all.Where(row => row.PullRequest == PullRequest);
        return Verdict is null ? all : all.Where(row => row.Verdict == Verdict);
    }

    /// <summary>No database holds such text, and PostgreSQL does not even let one ask.</summary>
    public bool CanMatch =>
        new[] { Provider, Event, PullRequest }.All(text => text is null || StorableText.Clean(text) == text);
}

/// <summary>Reads deliveries, the newest first. Bodies are read one at a time only.</summary>
internal sealed class DeliveryReads(StoreFactory stores)
{
    public async Task<Outcome<WebhookDeliveryList>> ListAsync(
        DeliveryFilter filter,
        PageRequest page,
        CancellationToken cancellation
    )
    {
        TimePlace? after = null;
        if (page.After is not null && (after = TimePlace.Read(page.After)) is null)
        {
            return PageRequest.BadCursor;
        }

        if (!filter.CanMatch)
        {
            return Nothing;
        }

        return await stores.ReadAsync<Outcome<WebhookDeliveryList>>(async store =>
        {
            var all = filter.Of(store.WebhookDeliveries.AsNoTracking());
            var total = await all.CountAsync(cancellation);
            if (after is { At: var at, Id: var id })
            {
                all = all.Where(row => row.ReceivedAt < at || (row.ReceivedAt == at && row.Id < id));
            }

            var rows = await Shown(all.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.Id))
                .Take(page.Limit + 1)
                .ToListAsync(cancellation);
            var next =
                rows.Count > page.Limit
                    ? new TimePlace(rows[page.Limit - 1].ReceivedAt, rows[page.Limit - 1].Id).ToCursor()
                    : null;
            return new WebhookDeliveryList([.. rows.Take(page.Limit).Select(Of)], next, total);
        });
    }

    public static WebhookDeliveryList Nothing { get; } = new([], NextCursor: null, Total: 0);

    /// <param name="withBody">It holds whatever is in a repository that need not be public.</param>
    public Task<Outcome<WebhookDelivery>> GetAsync(Guid id, bool withBody, CancellationToken cancellation) =>
        stores.ReadAsync<Outcome<WebhookDelivery>>(async store =>
        {
            var one = store.WebhookDeliveries.AsNoTracking().Where(row => row.Id == id);
            var row = await (withBody ? one : Shown(one)).FirstOrDefaultAsync(cancellation);
            return row is null ? DeliveryProblems.Missing(id) : Of(row) with { Body = BodyOf(row) };
        });

    /// <summary>All but the body.</summary>
    private static IQueryable<WebhookDeliveryRow> Shown(IQueryable<WebhookDeliveryRow> rows) =>
        rows.Select(row => new WebhookDeliveryRow
        {
            Id = row.Id,
            Provider = row.Provider,
            DeliveryId = row.DeliveryId,
            Event = row.Event,
            ContentType = row.ContentType,
            Body = Array.Empty<byte>(),
            Size = row.Size,
            ReceivedAt = row.ReceivedAt,
            Verdict = row.Verdict,
            Reason = row.Reason,
            PullRequest = row.PullRequest,
            ProcessedAt = row.ProcessedAt,
            Replays = row.Replays,
        });

    public static WebhookDelivery Of(WebhookDeliveryRow row) =>
        new()
        {
            Id = row.Id.ToString(),
            Provider = row.Provider,
            DeliveryId = row.DeliveryId,
            Event = row.Event,
            Received = row.ReceivedAt,
            Verdict = row.Verdict switch
            {
                WebhookVerdict.Pending => Contracts.WebhookVerdict.Pending,
                WebhookVerdict.Accepted => Contracts.WebhookVerdict.Accepted,
                WebhookVerdict.Ignored => Contracts.WebhookVerdict.Ignored,
                WebhookVerdict.Refused => Contracts.WebhookVerdict.Refused,
                _ => Contracts.WebhookVerdict.Unreadable,
            },
            Reason = row.Reason,
            PullRequest = row.PullRequest,
            Processed = row.ProcessedAt,
            Replays = row.Replays,
            Size = row.Size,
        };

    private static JsonNode? BodyOf(WebhookDeliveryRow row)
    {
        if (row.Body.Length == 0)
        {
            return null;
        }
        try
        {
            var body = JsonNode.Parse(DeliveryBody.Json(row.ContentType, row.Body).Span);
            // What can be read may still not be text that can be written: half a character.
            using var writer = new Utf8JsonWriter(Stream.Null);
            body?.WriteTo(writer);
            return body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
