using VClusterManager.Server.Http;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>The answers that are remembered for idempotency keys, so that a request that is sent twice does one thing.</summary>
internal sealed class RecordedAnswers(StoreFactory stores, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The answer that was given before; null: none was, or there is no key.</summary>
    public async Task<Outcome<CreateAnswer>?> RecallAsync(
        Store store,
        IdempotentRequest? request,
        CancellationToken cancellation
    )
    {
        if (request is null)
        {
            return null;
        }
        var known = await store.IdempotencyKeys.FindAsync([request.Principal, request.Key], cancellation);
        if (known is not null && known.ExpiresAt <= time.GetUtcNow())
        {
            store.IdempotencyKeys.Remove(known);
            await store.SaveChangesAsync(cancellation);
            known = null;
        }
        if (known is null)
        {
            return null;
        }
        return known.RequestHash == request.RequestHash
            ? new CreateAnswer(null, new RecordedAnswer(known.StatusCode, known.Location, known.Body))
            : new Problem(
                ProblemKind.Invalid,
                "This Idempotency-Key was used with another request in the last 24 hours."
            )
            {
                Errors = new Dictionary<string, string[]>
                {
                    ["Idempotency-Key"] = ["was used with another request in the last 24 hours"],
                },
            };
    }

    public void Remember(Store store, IdempotentRequest request, RecordedAnswer answer) =>
        store.IdempotencyKeys.Add(
            new IdempotencyRow
            {
                Principal = request.Principal,
                Key = request.Key,
                RequestHash = request.RequestHash,
                StatusCode = answer.StatusCode,
                Location = answer.Location,
                Body = answer.Body,
                ExpiresAt = time.GetUtcNow() + Kept,
            }
        );

    /// <summary>Remembers the final answer in the place of the one that was given on acceptance.</summary>
    public Task ReplaceAsync(IdempotentRequest request, RecordedAnswer answer, CancellationToken cancellation) =>
        stores.TransactAsync(
            async store =>
            {
                if (await store.IdempotencyKeys.FindAsync([request.Principal, request.Key], cancellation) is { } row)
                {
                    row.StatusCode = answer.StatusCode;
                    row.Location = answer.Location;
                    row.Body = answer.Body;
                }
            },
            cancellation
        );
}
