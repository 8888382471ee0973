using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>Takes requests down, as <see cref="AuditRule"/> says.</summary>
internal sealed class AuditKeeper(AuditLog log, TimeProvider time)
{
    /// <summary>For a request that is kept whatever is answered: before its answer begins, so that whoever has it finds it.</summary>
    public AuditTrail Begin(HttpContext context)
    {
        AuditTrail trail = new(context, time.GetUtcNow());
        context.Features.Set(trail);
        context.Response.OnStarting(() => KeepAsync(trail, context));
        return trail;
    }

    /// <summary>Once; later calls do nothing.</summary>
    public ValueTask EndAsync(AuditTrail trail, HttpContext context)
    {
        trail.Ticket.IsClosed = true;
        // An answer without a body may not have begun; one to a caller who has gone never does.
        return trail.IsKept ? ValueTask.CompletedTask : new ValueTask(KeepAsync(trail, context));
    }

    /// <summary>A read leaves something behind only where it was refused, or its route asks for it.</summary>
    public void Read(HttpContext context)
    {
        if (
            context.Response.StatusCode < StatusCodes.Status400BadRequest
            && context.GetEndpoint() is { } route
            && AuditNotes.CountsReads(route.Metadata)
        )
        {
            var read = AuditTrail.Describe(context, time.GetUtcNow(), context.Response.StatusCode);
            // Apart from other reads, so that it keeps its name.
            log.Count($"{read.Source} {read.Principal} {read.Action}", read);
        }
        else if (
            Mark(context, isChange: false, isCommitted: false) is { } refused
            // One that gives access has been taken down already.
            && context.Features.Get<AuditTrail>() is null
        )
        {
            Count(context, AuditTrail.Describe(context, time.GetUtcNow(), refused.Status));
        }
    }

    private async Task KeepAsync(AuditTrail trail, HttpContext context)
    {
        if (trail.IsKept)
        {
            return;
        }
        trail.IsKept = true;
        var isChange = context.GetEndpoint() is RouteEndpoint route && AuditNotes.IsChange(context, route.Metadata);
        if (Mark(context, isChange, trail.Ticket.IsCommitted) is not { } request)
        {
            return;
        }
        if (AuditRule.KeepOf(request) == AuditKeep.Single)
        {
            await log.AddAsync(trail.Describe(request.Status));
        }
        else
        {
            Count(context, trail.Describe(request.Status));
        }
    }

    /// <returns><see langword="null"/>: it is not kept.</returns>
    private static AuditedRequest? Mark(HttpContext context, bool isChange, bool isCommitted)
    {
        var request = new AuditedRequest(isChange, IsKnown: false, isCommitted, context.Response.StatusCode)
        {
            CountsRefusals = isChange && AuditNotes.CountsRefusals(context.GetEndpoint()?.Metadata),
        };
        // Who is calling is looked up only where it matters.
        return AuditRule.KeepOf(request) == AuditKeep.Not
            ? null
            : request with
            {
                IsKnown = context.FindPrincipal() is not null,
            };
    }

    private void Count(HttpContext context, AuditRow refused)
    {
        var network = SourceAddress.NetworkOf(context.Connection.RemoteIpAddress);
        if (refused.Principal is null)
        {
            log.Count(network, refused with { Address = network });
        }
        else
        {
            log.Count($"{refused.Source} {refused.Principal}", refused);
        }
    }
}
