<?php
/*
 * Plugin Name: Peyk
 * Description: Hands posts to Peyk: publishes, corrects and retracts an article as WordPress does the post.
 *
 * Copy this file to wp-content/mu-plugins and put into wp-config.php:
 *
 *     define('PEYK_URL', 'https://news.example.org'); // the address of Peyk's API, without /api
 *     define('PEYK_SECRET', '...');                   // the secret in API_TOKENS
 *     define('PEYK_ACTION', 'publish');               // or 'intake': an editor decides in Telegram
 *
 * docs/how-to/push-articles.md says more. It needs WordPress 5.6 and PHP 7.2, or newer.
 *
 * What Peyk has of a post is in its metadata `_peyk`: the `id` and `revision` of the article, a hash of what was `sent`,
 * the `request` whose answer is still owed, and the `error` that stopped it. What fails for now is tried again by
 * WordPress' own scheduler after a minute.
 */

defined('ABSPATH') || exit;

defined('PEYK_ACTION') || define('PEYK_ACTION', 'publish');
defined('PEYK_RETRY_SECONDS') || define('PEYK_RETRY_SECONDS', 60);
const PEYK_TIMEOUT_SECONDS = 10;

// Not transition_post_status: it comes before the block editor stores categories, tags and the featured image.
add_action('wp_after_insert_post', 'peyk_after_save', 10, 4);
add_action('before_delete_post', 'peyk_before_delete');
add_action('peyk_bring_up_to_date', 'peyk_bring_up_to_date');
add_action('peyk_retract', 'peyk_retract');
add_filter('manage_posts_columns', function ($columns) {
    return $columns + array('peyk' => 'Peyk');
});
add_action('manage_posts_custom_column', 'peyk_show_column', 10, 2);

function peyk_after_save($post_id, $post, $update, $before) {
    if ($post->post_type !== 'post' || wp_is_post_revision($post_id)) {
        return;
    }
    $state = peyk_state($post_id);
    $appears = peyk_is_public($post) && !($before && peyk_is_public($before));
    // A post of long ago that an import brings, or that was there before Peyk, is no news.
    $is_new = get_post_timestamp($post) > time() - DAY_IN_SECONDS || $state['round'] > 1;
    if ($appears && $is_new) {
        $state['wanted'] = true;
        peyk_store($post_id, $state);
    }
    if ($state['wanted']) {
        peyk_bring_up_to_date($post_id);
    }
}

function peyk_before_delete($post_id) {
    $state = peyk_state($post_id);
    if ($state['id']) {
        peyk_retract($state['id']);
    }
}

/* Brings the article to the state of its post: creates, corrects or retracts it, or does nothing. */
function peyk_bring_up_to_date($post_id) {
    $post = get_post($post_id);
    $state = $post ? peyk_state($post_id) : null;
    if (!$state || !$state['wanted']) {
        return;
    }
    if (peyk_is_public($post)) {
        if (!$state['id']) {
            $state = peyk_create($post, $state);
        }
        if ($state['id']) {
            $state = peyk_correct($post, $state); // what was changed since the request was made
        }
    } elseif ($state['request']) {
        $state = peyk_take_back($post, $state);
    } else {
        if ($state['id']) {
            peyk_retract($state['id']);
        }
        $state = peyk_ended($state);
    }
    peyk_store($post_id, $state);
}

function peyk_create($post, $state) {
    if (!$state['request']) {
        $fields = peyk_fields($post);
        $state['request'] = array(
            'key' => 'post-' . $post->ID . '-' . $state['round'],
            'sent' => peyk_hash($fields),
            'body' => array('action' => PEYK_ACTION) + $fields,
        );
        peyk_store($post->ID, $state); // the same request is sent again should its answer be lost
    }
    $answer = peyk_ask('/api/articles', $state['request']['body'], $state['request']['key']);
    if ($answer['error'] === 'category-unknown') {
        $state['request']['body']['category'] = 'general';
        peyk_store($post->ID, $state);
        $answer = peyk_ask('/api/articles', $state['request']['body'], $state['request']['key']);
    }
    if ($answer['is_passing']) {
        return peyk_later('peyk_bring_up_to_date', $post->ID, $state, $answer);
    }
    if (!$answer['error']) {
        $state['id'] = $answer['article']['id'];
        $state['revision'] = $answer['article']['revision'];
        $state['sent'] = $state['request']['sent'];
    }
    $state['request'] = null;
    $state['error'] = $answer['message'];
    return $state;
}

/* Ends a post that is hidden again before Peyk answered: nothing of it is published only now. */
function peyk_take_back($post, $state) {
    $request = $state['request'];
    $answer = peyk_ask('/api/articles', array('action' => 'draft') + $request['body'], $request['key']);
    if ($answer['error'] === 'api-key-reused') { // the request had arrived
        $answer = peyk_ask('/api/articles', $request['body'], $request['key']);
        if ($answer['article']) {
            peyk_retract($answer['article']['id']);
        }
    }
    if ($answer['is_passing']) {
        return peyk_later('peyk_bring_up_to_date', $post->ID, $state, $answer);
    }
    return peyk_ended($state);
}

function peyk_correct($post, $state) {
    $fields = peyk_fields($post);
    if (peyk_hash($fields) === $state['sent']) {
        return $state;
    }
    $path = '/api/articles/' . $state['id'];
    $change = array('action' => 'correct', 'revision' => $state['revision']) + $fields;
    $answer = peyk_ask($path, $change);
    if ($answer['error'] === 'category-unknown') {
        $change['category'] = 'general';
        $answer = peyk_ask($path, $change);
    }
    if ($answer['error'] === 'article-changed-meanwhile' && $state['is_unsure']) {
        // The change whose answer was lost had arrived.
        $article = peyk_ask($path)['article'];
        $change['revision'] = $article && $article['revision'] === $state['revision'] + 1 ? $article['revision'] : 0;
        $answer = $change['revision'] ? peyk_ask($path, $change) : $answer;
    }
    if ($answer['is_passing']) {
        $state['is_unsure'] = true;
        return peyk_later('peyk_bring_up_to_date', $post->ID, $state, $answer);
    }
    $state['is_unsure'] = false;
    $state['error'] = $answer['message'];
    if (!$answer['error']) {
        $state['revision'] = $answer['article']['revision'];
        $state['sent'] = peyk_hash($fields);
    }
    return $state;
}

function peyk_retract($article_id) {
    $answer = peyk_ask('/api/articles/' . $article_id, array('action' => 'retract', 'reason' => 'WordPress'));
    if ($answer['is_passing']) {
        wp_schedule_single_event(time() + PEYK_RETRY_SECONDS, 'peyk_retract', array($article_id));
    }
}

/* Returns the fields of the article, within Peyk's limits. */
function peyk_fields($post) {
    $names = function ($terms) {
        return is_array($terms) ? array_map('peyk_text', wp_list_pluck($terms, 'name')) : array();
    };
    $categories = $names(get_the_terms($post, 'category'));
    $tags = array_filter(preg_replace('/[#,،;؛]+/u', ' ', $names(get_the_terms($post, 'post_tag'))), function ($tag) {
        return mb_strlen($tag) <= 30;
    });
    $GLOBALS['post'] = $post;
    setup_postdata($post);
    $body = apply_filters('the_content', $post->post_content);
    wp_reset_postdata();
    return array(
        'title' => mb_substr(peyk_text(get_the_title($post)), 0, 300),
        'lead' => mb_substr(peyk_text($post->post_excerpt), 0, 2000),
        'body_html' => $body,
        'category' => $categories ? mb_substr($categories[0], 0, 60) : 'general',
        'tags' => array_slice(array_values($tags), 0, 10),
        'photo' => (string) get_the_post_thumbnail_url($post, 'large'),
        'link' => (string) get_permalink($post),
    );
}

function peyk_text($html) {
    return html_entity_decode(wp_strip_all_tags($html, true), ENT_QUOTES, 'UTF-8');
}

function peyk_hash($fields) {
    return md5(wp_json_encode($fields));
}

function peyk_is_public($post) {
    return $post->post_status === 'publish' && $post->post_password === '';
}

/* Asks Peyk and returns the article or the error; `is_passing` says that the same request may succeed later. */
function peyk_ask($path, $body = null, $key = '') {
    $headers = array('Authorization' => 'Bearer ' . PEYK_SECRET);
    $answer = wp_remote_request(PEYK_URL . $path, array(
        'method' => $body === null ? 'GET' : 'POST',
        'timeout' => PEYK_TIMEOUT_SECONDS,
        'headers' => $key ? $headers + array('Idempotency-Key' => $key) : $headers,
        'body' => $body === null ? null : wp_json_encode($body),
    ));
    if (is_wp_error($answer)) {
        return array('article' => null, 'error' => 'away', 'message' => $answer->get_error_message(), 'is_passing' => true);
    }
    $status = wp_remote_retrieve_response_code($answer);
    $told = json_decode(wp_remote_retrieve_body($answer), true);
    if (($status === 200 || $status === 201) && isset($told['id'])) {
        return array('article' => $told, 'error' => '', 'message' => '', 'is_passing' => false);
    }
    $is_peyks = isset($told['error'], $told['message']);
    return array(
        'article' => null,
        'error' => $is_peyks ? $told['error'] : 'status-' . $status,
        'message' => $is_peyks ? $told['message'] : 'HTTP ' . $status,
        // A wrong secret or address may be set right, too; a post that is too long stays so.
        'is_passing' => !$is_peyks && $status !== 413,
    );
}

function peyk_later($hook, $id, $state, $answer) {
    $state['error'] = $answer['message'];
    if (!wp_next_scheduled($hook, array($id))) {
        wp_schedule_single_event(time() + PEYK_RETRY_SECONDS, $hook, array($id));
    }
    return $state;
}

function peyk_nothing() {
    return array(
        'id' => 0,
        'revision' => 0,
        'sent' => '',
        'request' => null,
        'wanted' => false,
        'is_unsure' => false,
        'error' => '',
        'round' => 1,
    );
}

/* Returns the state of a post that Peyk has nothing of any more; its next article has a key of its own. */
function peyk_ended($state) {
    return array('round' => $state['round'] + 1) + peyk_nothing();
}

function peyk_state($post_id) {
    $stored = get_post_meta($post_id, '_peyk', true);
    return (is_array($stored) ? $stored : array()) + peyk_nothing();
}

function peyk_store($post_id, $state) {
    update_post_meta($post_id, '_peyk', wp_slash($state));
}

function peyk_show_column($column, $post_id) {
    if ($column === 'peyk') {
        $state = peyk_state($post_id);
        echo esc_html(trim(($state['id'] ? $state['id'] . ' ' : '') . $state['error']));
    }
}
